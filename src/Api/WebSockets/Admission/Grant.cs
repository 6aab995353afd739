using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>What the credentials of a socket allow it.</summary>
/// <param name="Token">The token that was shown, or null where none was asked for: the socket ends when it holds no more.</param>
/// <param name="IsReadOnly">It reads and listens; it neither writes nor publishes.</param>
/// <param name="Channels">Patterns of the channels that it may hear and publish to; null: all.</param>
internal sealed record Grant(string? Token, bool IsReadOnly = false, IReadOnlyList<byte[]>? Channels = null)
{
    /// <summary>Where no credentials are asked for.</summary>
    public static Grant Open { get; } = new(Token: null);

    public string User => IsReadOnly ? "default_ro" : "default";

    /// <summary>Why the command may not run, or null.</summary>
    public string? Refusal(in Arguments command)
    {
        if (IsReadOnly && !Reads(in command)) return
            $"NOPERM this user has no permissions to run the '{Encoding.Latin1.GetString(command[0]).ToLowerInvariant()}' command";
        bool publishes = Ascii.EqualsIgnoreCase(command[0], "PUBLISH"u8) || Ascii.EqualsIgnoreCase(command[0], "SPUBLISH"u8);
        return publishes && command.Count > 1 && !AllowsChannel(command[1]) ? NoChannel : null;
    }

    /// <summary>Why the socket may not listen to these, or null. A pattern must be one of those granted, to the letter.</summary>
    public string? Refusal(IEnumerable<string?> names, bool arePatterns)
    {
        if (Channels is null) return null;
        foreach (string? name in names)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name ?? "");
            bool isAllowed = arePatterns ? Channels.Any(pattern => pattern.AsSpan().SequenceEqual(bytes)) : AllowsChannel(bytes);
            if (!isAllowed) return NoChannel;
        }
        return null;
    }

    private const string NoChannel = "NOPERM this user has no permissions to access one of the channels used as arguments";

    private bool AllowsChannel(ReadOnlySpan<byte> channel)
    {
        if (Channels is null) return true;
        foreach (byte[] pattern in Channels)
            if (Glob.IsMatch(pattern, channel)) return true;
        return false;
    }

    /// <summary>What only reads keys, or touches none; an unknown command is left to the engine to refuse.</summary>
    private static bool Reads(in Arguments command)
    {
        bool isKnown = CommandTable.Shared.TryFind(in command, out CommandInfo? found);
        if (found is null || (!isKnown && found.IsContainer)) return true;
        if (found.Has(Flags.Write | Flags.Admin)) return false;
        return found.Has(Flags.ReadOnly) || found.Declaration.Group is Group.Connection or Group.Transactions || found.Name == "COMMAND";
    }
}
