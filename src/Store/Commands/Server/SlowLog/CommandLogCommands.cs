using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>
/// COMMANDLOG, as Valkey has it: the latest commands that took long, and those whose request or reply was large. So a
/// value that is too big is known by who wrote it, when it is written. The slow ones are those of SLOWLOG.
/// </summary>
internal static class CommandLogCommands
{
    private const Flags Common = Flags.Admin | Flags.Loading | Flags.Stale;
    private const string Kind = "(SLOW | LARGE-REQUEST | LARGE-REPLY)";

    [Command("COMMANDLOG|GET", "count:integer " + Kind, Group.Server, Common, Since = "valkey 8.1.0",
        Cost = "O(N) in the entries replied", Tips = "request_policy:all_nodes, nondeterministic_output",
        Summary = "Lists the latest commands that took long, or whose request or reply was large.")]
    public static void Get(Execution x)
    {
        if (!CommandLogReply.TryReadCount(x, 2, out long count) || !TryReadKind(x, 3, out CommandLogKind kind)) return;
        CommandLogReply.Write(x.Reply, x.Server.CommandLogOf(kind), count);
    }

    [Command("COMMANDLOG|LEN", Kind, Group.Server, Common, Since = "valkey 8.1.0", Cost = "O(1)",
        Tips = "request_policy:all_nodes, response_policy:agg_sum, nondeterministic_output",
        Summary = "Counts the entries of a log of commands.")]
    public static void Len(Execution x)
    {
        if (TryReadKind(x, 2, out CommandLogKind kind)) x.Reply.Integer(x.Server.CommandLogOf(kind).Count);
    }

    [Command("COMMANDLOG|RESET", Kind, Group.Server, Common, Since = "valkey 8.1.0", Cost = "O(N) in the entries of the log",
        Tips = "request_policy:all_nodes, response_policy:all_succeeded", Summary = "Empties a log of commands.")]
    public static void Reset(Execution x)
    {
        if (!TryReadKind(x, 2, out CommandLogKind kind)) return;
        x.Server.CommandLogOf(kind).Reset();
        x.Reply.Ok();
    }

    [Command("COMMANDLOG|HELP", "", Group.Server, Flags.Loading | Flags.Stale, Since = "valkey 8.1.0", Cost = "O(1)",
        Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "COMMANDLOG", """
        GET <count> <type>
            Return top <count> entries of the specified <type> from the commandlog (-1 mean all).
            Entries are made of:
            id, timestamp,
            time in microseconds for type of slow,
            or size in bytes for type of large-request,
            or size in bytes for type of large-reply
            arguments array, client IP and port,
            client name
        LEN <type>
            Return the length of the specified type of commandlog.
        RESET <type>
            Reset the specified type of commandlog.
        """);

    private static bool TryReadKind(Execution x, int argument, out CommandLogKind kind)
    {
        kind = CommandLogKind.Slow;
        if (x.Is(argument, "SLOW"u8)) return true;
        kind = CommandLogKind.LargeRequest;
        if (x.Is(argument, "LARGE-REQUEST"u8)) return true;
        kind = CommandLogKind.LargeReply;
        if (x.Is(argument, "LARGE-REPLY"u8)) return true;
        x.Reply.Error("ERR type should be one of the following: slow, large-request, large-reply"u8);
        return false;
    }
}
