using System.Security.Cryptography;
using System.Text;

namespace Galley.Api.Rest;

/// <summary>
/// A configured secret, and the one way to compare it: in a time that tells nothing but its length. Its bytes are kept
/// as long as the setting holds the same string, which CONFIG SET may change at any time.
/// </summary>
internal sealed class Secret(Func<string> setting)
{
    private const int CharsOnStackMax = 256;

    private readonly Func<string> _setting = setting;
    private Encoded _encoded = new("");

    public bool IsSet => _setting().Length > 0;

    /// <summary>What was given is the secret. An empty one is nobody's.</summary>
    public bool Matches(ReadOnlySpan<char> given)
    {
        string text = _setting();
        if (text.Length == 0) return false;
        Encoded encoded = _encoded;
        if (!ReferenceEquals(encoded.Text, text)) _encoded = encoded = new Encoded(text);

        int bytesMax = Encoding.UTF8.GetMaxByteCount(given.Length);
        Span<byte> bytes = given.Length <= CharsOnStackMax ? stackalloc byte[bytesMax] : new byte[bytesMax];
        return CryptographicOperations.FixedTimeEquals(bytes[..Encoding.UTF8.GetBytes(given, bytes)], encoded.Bytes);
    }

    private sealed class Encoded(string text)
    {
        public string Text { get; } = text;

        public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(text);
    }
}
