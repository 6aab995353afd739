using Galley.Resp.Protocol;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>SLOWLOG: the latest commands that took long.</summary>
internal static class SlowLogCommands
{
    private const Flags Common = Flags.Admin | Flags.Loading | Flags.Stale;
    private const long EntriesByDefault = 10;
    private const long AllEntries = -1;

    [Command("SLOWLOG|GET", "[count:integer]", Group.Server, Common, Since = "2.2.12", Arity = -2, Cost = "O(N) in the entries replied",
        Tips = "request_policy:all_nodes, nondeterministic_output", Summary = "Lists the latest commands that took long.")]
    public static void Get(Execution x)
    {
        if (x.Args.Count > 3)
        {
            x.Reply.Error($"ERR unknown subcommand or wrong number of arguments for '{PrintedText.Of(x.Args[1])}'. Try SLOWLOG HELP.");
            return;
        }
        if (!TryReadCount(x, out long count)) return;
        SlowLog log = x.Server.SlowLog;
        if (count == AllEntries) count = log.Count;
        int shown = (int)Math.Min(count, log.Count);
        x.Reply.Array(shown);
        foreach (SlowLogEntry entry in log.Entries.Take(shown)) Write(x.Reply, entry);
    }

    [Command("SLOWLOG|LEN", "", Group.Server, Common, Since = "2.2.12", Cost = "O(1)",
        Tips = "request_policy:all_nodes, response_policy:agg_sum, nondeterministic_output", Summary = "Counts the entries of the slow log.")]
    public static void Len(Execution x) => x.Reply.Integer(x.Server.SlowLog.Count);

    [Command("SLOWLOG|RESET", "", Group.Server, Common, Since = "2.2.12", Cost = "O(N) in the entries of the slow log",
        Tips = "request_policy:all_nodes, response_policy:all_succeeded", Summary = "Empties the slow log.")]
    public static void Reset(Execution x)
    {
        x.Server.SlowLog.Reset();
        x.Reply.Ok();
    }

    [Command("SLOWLOG|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "6.2.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "SLOWLOG", """
        GET [<count>]
            Return top <count> entries from the slowlog (default: 10, -1 mean all).
            Entries are made of:
            id, timestamp, time in microseconds, arguments array, client IP and port,
            client name
        LEN
            Return the length of the slowlog.
        RESET
            Reset the slowlog.
        """);

    private static bool TryReadCount(Execution x, out long count)
    {
        count = EntriesByDefault;
        if (x.Args.Count == 2 || (Numbers.TryParseInt64(x.Args[2], out count) && count >= AllEntries)) return true;
        x.Reply.Error("ERR count should be greater than or equal to -1"u8);
        return false;
    }

    private static void Write(RespWriter reply, SlowLogEntry entry)
    {
        reply.Array(6);
        reply.Integer(entry.Id);
        reply.Integer(entry.TimeSeconds);
        reply.Integer(entry.Microseconds);
        reply.Array(entry.Arguments.Length);
        foreach (byte[] argument in entry.Arguments) reply.Bulk(argument);
        reply.Bulk(entry.Address);
        reply.Bulk(entry.ClientName);
    }
}
