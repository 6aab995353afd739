namespace Galley.Store.Commands;

internal static class Role
{
    [Command("ROLE", "", Group.Server, Flags.NoScript | Flags.Loading | Flags.Stale | Flags.Fast, Since = "2.8.12", Cost = "O(1)",
        Categories = "admin dangerous", Summary = "Tells the server's part in replication.")]
    public static void Run(Execution x)
    {
        x.Reply.Array(3);
        x.Reply.Bulk("master"u8);
        x.Reply.Integer(0);
        x.Reply.Array(0);
    }
}
