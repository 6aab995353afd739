using System.Security.Cryptography;
using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>Compares passwords: their digests, whose length tells nothing, and to their end. So it takes as long for any two of them.</summary>
internal sealed class PasswordDigest
{
    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];
    private string? _expected;

    /// <param name="expected">Its digest is kept as long as it is the same string: who guesses pays, and the server does not.</param>
    public bool Is(ReadOnlySpan<byte> given, string expected)
    {
        if (!ReferenceEquals(_expected, expected)) SHA256.HashData(TextBytes.Encode(expected), _digest);
        _expected = expected;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(given, digest);
        return CryptographicOperations.FixedTimeEquals(digest, _digest);
    }
}
