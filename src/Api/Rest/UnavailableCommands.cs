using System.Collections.Frozen;
using System.Text;
using Galley.Api.Doors;
using Galley.Resp.Protocol;

namespace Galley.Api.Rest;

/// <summary>
/// Commands that mean nothing without a connection of one's own: what one request sets, another client's would find.
/// </summary>
internal static class UnavailableCommands
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR",
        "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BLMOVEM", "BZPOPMIN", "BZPOPMAX", "BZMPOP", "WAIT", "WAITAOF",
        "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH",
        "AUTH", "HELLO", "SELECT", "CLIENT", "RESET", "QUIT", "ASKING", "READONLY", "READWRITE",
        "SYNC", "PSYNC", "REPLCONF");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ByText =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    private const int NameBytesMax = 16;

    private const string Documentation = "docs/http-doors.md";

    /// <summary>The refusal of a command, or null where it may run.</summary>
    public static string? Refusal(in Arguments command)
    {
        ReadOnlySpan<byte> name = command[0];
        if (name.Length > NameBytesMax) return null;
        Span<char> text = stackalloc char[NameBytesMax];
        text = text[..Encoding.Latin1.GetChars(name, text)];
        bool isUnavailable = ByText.Contains(text) || (IsStreamRead(text) && Blocks(in command));
        return isUnavailable
            ? $"ERR Command is not available: '{text}'. See {Documentation}: it needs a connection of its own; use RESP, or for channels /subscribe or the WebSocket at /v1/ws"
            : null;
    }

    /// <summary>The first refusal of a batch, or null.</summary>
    public static string? Refusal(CommandBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            if (Refusal(batch[i]) is { } refusal) return refusal;
        }
        return null;
    }

    private static bool IsStreamRead(ReadOnlySpan<char> name) =>
        name.Equals("XREAD", StringComparison.OrdinalIgnoreCase) || name.Equals("XREADGROUP", StringComparison.OrdinalIgnoreCase);

    private static bool Blocks(in Arguments command)
    {
        for (int i = 1; i < command.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(command[i], "STREAMS"u8)) return false;
            if (Ascii.EqualsIgnoreCase(command[i], "BLOCK"u8)) return true;
        }
        return false;
    }
}
