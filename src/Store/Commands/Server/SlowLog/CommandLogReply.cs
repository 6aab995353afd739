using Galley.Resp.Protocol;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>How SLOWLOG and COMMANDLOG list entries.</summary>
internal static class CommandLogReply
{
    private const long AllEntries = -1;

    /// <summary>Reads how many entries are asked for, or replies why that is no such number.</summary>
    public static bool TryReadCount(Execution x, int argument, out long count)
    {
        if (Numbers.TryParseInt64(x.Args[argument], out count) && count >= AllEntries) return true;
        x.Reply.Error("ERR count should be greater than or equal to -1"u8);
        return false;
    }

    /// <summary>Replies with the newest entries.</summary>
    /// <param name="count">How many; -1 for all.</param>
    public static void Write(RespWriter reply, CommandLog log, long count)
    {
        if (count == AllEntries) count = log.Count;
        int shown = (int)Math.Min(count, log.Count);
        reply.Array(shown);
        foreach (CommandLogEntry entry in log.Entries.Take(shown)) Write(reply, entry);
    }

    private static void Write(RespWriter reply, CommandLogEntry entry)
    {
        reply.Array(6);
        reply.Integer(entry.Id);
        reply.Integer(entry.TimeSeconds);
        reply.Integer(entry.Amount);
        reply.Array(entry.Arguments.Length);
        foreach (byte[] argument in entry.Arguments) reply.Bulk(argument);
        reply.Bulk(entry.Address);
        reply.Bulk(entry.ClientName);
    }
}
