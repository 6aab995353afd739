using System.Text;
using Galley.Store.Commands;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>What the credentials of a socket allow it.</summary>
/// <param name="Token">The token that was shown, or null where none was asked for: the socket ends when it holds no more.</param>
/// <param name="IsReadOnly">It reads and listens, and no more; the engine sees to it.</param>
/// <param name="Channels">Patterns of the channels that it may hear and publish to; null: all.</param>
internal sealed record SocketGrant(string? Token, bool IsReadOnly = false, IReadOnlyList<byte[]>? Channels = null)
{
    /// <summary>Where no credentials are asked for.</summary>
    public static SocketGrant Open { get; } = new(Token: null);

    public string User => IsReadOnly ? "default_ro" : "default";

    /// <summary>Why its bearer may not listen to these, or null. A pattern must be one of those granted, to the letter.</summary>
    public string? Refusal(IEnumerable<string?> names, bool arePatterns)
    {
        foreach (string? name in names)
        {
            if (Refusal(Encoding.UTF8.GetBytes(name ?? ""), arePatterns) is { } refusal) return refusal;
        }
        return null;
    }

    /// <summary>As the other, of one name.</summary>
    public string? Refusal(byte[] name, bool isPattern)
    {
        if (Channels is null) return null;
        bool isAllowed = Channels.Any(pattern => isPattern ? pattern.AsSpan().SequenceEqual(name) : Glob.IsMatch(pattern, name));
        return isAllowed ? null : Encoding.UTF8.GetString(Errors.NoChannel);
    }
}
