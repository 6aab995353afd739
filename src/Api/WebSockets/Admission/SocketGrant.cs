using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>What the credentials of a socket allow it.</summary>
/// <param name="Token">The token that was shown, or null where none was asked for: the socket ends when it holds no more.</param>
/// <param name="IsReadOnly">It reads and listens, and no more; the engine sees to it.</param>
/// <param name="Channels">Patterns of the channels that it may hear and publish to; null: all.</param>
internal sealed record SocketGrant(string? Token, bool IsReadOnly = false, IReadOnlyList<byte[]>? Channels = null)
{
    private const string NoChannel = "NOPERM this user has no permissions to access one of the channels used as arguments";

    /// <summary>Where no credentials are asked for.</summary>
    public static SocketGrant Open { get; } = new(Token: null);

    public string User => IsReadOnly ? "default_ro" : "default";

    /// <summary>Why the command may not run, or null.</summary>
    public string? Refusal(in Arguments command)
    {
        if (Channels is null || command.Count < 2) return null;
        bool publishes = Ascii.EqualsIgnoreCase(command[0], "PUBLISH"u8) || Ascii.EqualsIgnoreCase(command[0], "SPUBLISH"u8);
        return publishes && !AllowsChannel(Channels, command[1]) ? NoChannel : null;
    }

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
        bool isAllowed = isPattern ? Channels.Any(pattern => pattern.AsSpan().SequenceEqual(name)) : AllowsChannel(Channels, name);
        return isAllowed ? null : NoChannel;
    }

    private static bool AllowsChannel(IReadOnlyList<byte[]> patterns, ReadOnlySpan<byte> channel)
    {
        foreach (byte[] pattern in patterns)
            if (Glob.IsMatch(pattern, channel)) return true;
        return false;
    }
}
