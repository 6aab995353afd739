namespace Galley.Store.Commands;

internal static class Select
{
    [Command("SELECT", "index:integer", Group.Connection, Flags.Loading | Flags.Stale | Flags.Fast, Since = "1.0.0", Cost = "O(1)",
        Summary = "Chooses the database that the client works on.")]
    public static void Run(Execution x)
    {
        if (!DatabaseArgument.TryRead(x, 1, out int database)) return;
        x.Session.DatabaseId = database;
        x.Reply.Ok();
    }
}
