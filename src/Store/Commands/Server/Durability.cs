namespace Galley.Store.Commands;

/// <summary>BGREWRITEAOF, LASTSAVE and WAIT: what has become of the data beyond memory.</summary>
internal static class Durability
{
    [Command("BGREWRITEAOF", "", Group.Server, Flags.Admin | Flags.NoScript | Flags.NoAsyncLoading, Since = "1.0.0",
        Cost = "O(N) in all data, in turns", Summary = "Begins to write the append-only file anew.")]
    public static void BgRewriteAof(Execution x)
    {
        if (x.Server.Control.TryBeginRewrite(out string error)) x.Reply.Simple("Background append only file rewriting started"u8);
        else x.Reply.Error(error);
    }

    [Command("LASTSAVE", "", Group.Server, Flags.Loading | Flags.Stale | Flags.Fast, Since = "1.0.0", Cost = "O(1)",
        Categories = "admin dangerous", Tips = "nondeterministic_output",
        Summary = "Tells the second of the last save, or of the start where none was made.")]
    public static void LastSave(Execution x) => x.Reply.Integer(x.Server.StartedMs / 1000);

    [Command("WAIT", "numreplicas:integer timeout:integer", Group.Generic, Flags.NoScript, Since = "3.0.0", Cost = "O(1)",
        Categories = "-keyspace connection", Tips = "request_policy:all_shards, response_policy:agg_min",
        Summary = "Counts the replicas that have the client's writes.")]
    public static void Wait(Execution x)
    {
        if (!x.TryInteger(1, out _)) return;
        if (!x.TryInteger(2, out long timeoutMs, "ERR timeout is not an integer or out of range"u8)) return;
        if (timeoutMs < 0)
        {
            x.Reply.Error("ERR timeout is negative"u8);
            return;
        }
        // There are no replicas to wait for.
        x.Reply.Integer(0);
    }
}
