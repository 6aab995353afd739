namespace Galley.Store.Commands;

/// <summary>BGREWRITEAOF and LASTSAVE: what has become of the data beyond memory.</summary>
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
}
