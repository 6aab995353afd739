namespace Galley.Store.Commands;

internal static class Quit
{
    private const Flags Common = Flags.NoScript | Flags.Loading | Flags.Stale | Flags.Fast | Flags.NoAuth | Flags.AllowBusy
        | Flags.RunsInsideMulti | Flags.RunsWhileSubscribed;

    [Command("QUIT", "", Group.Connection, Common, Since = "1.0.0", Cost = "O(1)", Arity = -1,
        DeprecatedSince = "7.2.0", ReplacedBy = "just closing the connection", Summary = "Closes the connection.")]
    public static void Run(Execution x)
    {
        x.Reply.Ok();
        x.Session.Connection?.CloseAfterReply = true;
    }

    [Command("RESET", "", Group.Connection, Common, Since = "6.2.0", Cost = "O(N) in subscriptions and watched keys",
        Summary = "Makes the connection as new: RESP2, database 0, no name, no transaction, no subscriptions, no authentication.")]
    public static void Reset(Execution x)
    {
        Session session = x.Session;
        Multi.Abandon(x);
        x.Server.PubSub.Drop(session);
        x.Server.Monitors.Remove(session);
        x.Server.Tracking.TurnOff(session);
        session.DatabaseId = 0;
        session.Name = [];
        session.ReplyMode = ReplyMode.On;
        session.IsSparedFromEviction = false;
        session.LeavesKeysUntouched = false;
        session.FieldSets = null;
        session.Reply.Version = Galley.Resp.Protocol.RespVersion.Resp2;
        Authentication.Begin(x.Server, session);
        x.Reply.Simple("RESET"u8);
    }
}
