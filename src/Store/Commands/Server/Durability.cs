namespace Galley.Store.Commands;

/// <summary>BGREWRITEAOF: the append-only file, written anew.</summary>
internal static class Durability
{
    [Command("BGREWRITEAOF", "", Group.Server, Flags.Admin | Flags.NoScript | Flags.NoAsyncLoading, Since = "1.0.0",
        Cost = "O(N) in all data, in turns", Summary = "Begins to write the append-only file anew.")]
    public static void BgRewriteAof(Execution x)
    {
        // One snapshot is taken at a time.
        bool mustWait = x.Server.Saves.Figures.InProgress || x.Session.Transaction.IsRunning;
        if (!x.Server.Control.TryBeginRewrite(out string error)) x.Reply.Error(error);
        else if (mustWait) x.Reply.Simple("Background append only file rewriting scheduled"u8);
        else x.Reply.Simple("Background append only file rewriting started"u8);
    }
}
