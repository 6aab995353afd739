namespace Galley.Store.Commands;

/// <summary>SLOWLOG: the latest commands that took long.</summary>
internal static class SlowLogCommands
{
    private const Flags Common = Flags.Admin | Flags.Loading | Flags.Stale;
    private const long EntriesByDefault = 10;

    [Command("SLOWLOG|GET", "[count:integer]", Group.Server, Common, Since = "2.2.12", Arity = -2, Cost = "O(N) in the entries replied",
        Tips = "request_policy:all_nodes, nondeterministic_output", Summary = "Lists the latest commands that took long.")]
    public static void Get(Execution x)
    {
        if (x.Args.Count > 3)
        {
            x.Reply.Error(Errors.SubcommandSyntax("SLOWLOG", x.Args[1]));
            return;
        }
        long count = EntriesByDefault;
        if (x.Args.Count == 2 || CommandLogReply.TryReadCount(x, 2, out count)) CommandLogReply.Write(x.Reply, x.Server.SlowLog, count);
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
}
