namespace Galley.Store.Commands;

/// <summary>CLIENT KILL, with an address alone, or with filters that a client must all pass.</summary>
internal static class ClientKill
{
    [Command("CLIENT|KILL", "(address | (ID client-id:integer | TYPE (NORMAL | MASTER | SLAVE | REPLICA | PUBSUB) | USER username "
        + "| ADDR address | LADDR address | SKIPME yes-no | MAXAGE maxage:integer)...)", Group.Connection,
        Flags.Admin | Flags.NoScript | Flags.Loading | Flags.Stale, Since = "2.4.0", Cost = "O(N) in the number of clients",
        Summary = "Closes the connections of clients.")]
    public static void Kill(Execution x)
    {
        if (x.Args.Count == 3) KillByAddress(x);
        else KillFiltered(x);
    }

    private static void KillByAddress(Execution x)
    {
        string address = PrintedText.Of(x.Args[2]);
        Session? found = Array.Find(x.Server.Sessions.All, session => IsAlive(session) && session.RemoteAddress == address);
        if (found is null)
        {
            x.Reply.Error("ERR No such client"u8);
            return;
        }
        found.Kill(afterReply: found == x.Session);
        x.Reply.Ok();
    }

    private static void KillFiltered(Execution x)
    {
        var filter = new ClientFilter(x) { IncludesSelf = false };
        if (!filter.TryRead(from: 2)) return;
        int killed = 0;
        foreach (Session session in x.Server.Sessions.All)
        {
            if (!IsAlive(session) || !filter.Accepts(session)) continue;
            session.Kill(afterReply: session == x.Session);
            killed++;
        }
        x.Reply.Integer(killed);
    }

    private static bool IsAlive(Session session) =>
        session is { CanBeKilled: true, IsKilled: false, Connection: null or { IsClosing: false } };
}
