namespace Galley.Store.Commands;

internal static class ClientUnblock
{
    [Command("CLIENT|UNBLOCK", "client-id:integer [TIMEOUT | ERROR]", Group.Connection,
        Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale, Since = "5.0.0", Cost = "O(log N) in the number of clients that wait",
        Summary = "Ends the wait of a client.")]
    public static void Run(Execution x)
    {
        if (x.Args.Count > 4)
        {
            x.Reply.Error(Errors.SubcommandSyntax("CLIENT", x.Args[1]));
            return;
        }
        bool withError = x.Args.Count == 4 && x.Is(3, "ERROR"u8);
        if (x.Args.Count == 4 && !withError && !x.Is(3, "TIMEOUT"u8))
        {
            x.Reply.Error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"u8);
            return;
        }
        if (!x.TryInteger(2, out long id)) return;
        Session? session = x.Server.Sessions.Find(id);
        x.Reply.Integer(session is not null && x.Server.Control.TryUnblock(session, withError) ? 1 : 0);
    }
}
