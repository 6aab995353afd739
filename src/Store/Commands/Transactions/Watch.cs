using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class Watch
{
    private const Flags Common = Flags.NoScript | Flags.Loading | Flags.Stale | Flags.Fast | Flags.AllowBusy;

    [Command("WATCH", "key [key ...]", Group.Transactions, Common | Flags.RunsInsideMulti, Since = "2.2.0",
        Cost = "O(N) in the keys watched", Keys = "RO", Summary = "Lets the next EXEC run only if none of the keys changes until then.")]
    public static void Keys(Execution x)
    {
        Transaction transaction = x.Session.Transaction;
        if (transaction.IsOpen)
        {
            x.Reply.Error("ERR WATCH inside MULTI is not allowed"u8);
            return;
        }
        for (int i = 1; i < x.Args.Count; i++)
        {
            // A key that has expired already goes now, so that its going is no change later.
            Key key = x.Peek(i);
            transaction.Watch(x.Server.Watches, x.Session, in key);
        }
        x.Reply.Ok();
    }

    [Command("UNWATCH", "", Group.Transactions, Common, Since = "2.2.0", Cost = "O(N) in the keys watched",
        Summary = "Watches none of the keys any longer.")]
    public static void None(Execution x)
    {
        x.Session.Transaction.Unwatch(x.Server.Watches, x.Session);
        x.Reply.Ok();
    }
}
