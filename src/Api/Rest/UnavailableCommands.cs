using System.Collections.Frozen;
using System.Text;
using Galley.Api.Doors;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Api.Rest;

/// <summary>
/// Commands that mean nothing without a connection of one's own: what one request sets, another client's would find.
/// A command is known by the name that it was declared with, whatever <c>rename-command</c> made of it.
/// </summary>
internal static class UnavailableCommands
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR",
        "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BLMOVEM", "BZPOPMIN", "BZPOPMAX", "BZMPOP", "WAIT", "WAITAOF",
        "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH",
        "AUTH", "HELLO", "SELECT", "CLIENT", "RESET", "QUIT", "ASKING", "READONLY", "READWRITE",
        "SYNC", "PSYNC", "REPLCONF");

    private const int NameBytesMax = 16;

    private const string Documentation = "docs/http-doors.md";

    /// <summary>The refusal of a command, or null where it may run, or is none.</summary>
    public static string? Refusal(CommandTable commands, in Arguments command)
    {
        bool isUnavailable = commands.TryFind(command[0], out CommandInfo? called)
            ? Names.Contains(called.Name) || (called.Name is "XREAD" or "XREADGROUP" && Blocks(in command))
            : command[0].Length <= NameBytesMax && Names.Contains(Encoding.Latin1.GetString(command[0]));
        return isUnavailable
            ? $"ERR Command is not available: '{Encoding.Latin1.GetString(command[0])}'. See {Documentation}: it needs a connection of its own; use RESP, or for channels /subscribe or the WebSocket at /v1/ws"
            : null;
    }

    /// <summary>The first refusal of a batch, or null.</summary>
    public static string? Refusal(CommandTable commands, CommandBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            if (Refusal(commands, batch[i]) is { } refusal) return refusal;
        }
        return null;
    }

    /// <summary>Names of groups and consumers may be words of the grammar, and are passed over.</summary>
    private static bool Blocks(in Arguments command)
    {
        for (int i = 1; i < command.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(command[i], "STREAMS"u8)) return false;
            if (Ascii.EqualsIgnoreCase(command[i], "BLOCK"u8)) return true;
            if (Ascii.EqualsIgnoreCase(command[i], "GROUP"u8)) i += 2;
        }
        return false;
    }
}
