using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>MULTI, EXEC and DISCARD: commands that run together, or not at all.</summary>
internal static class Multi
{
    private const Flags Common = Flags.NoScript | Flags.Loading | Flags.Stale | Flags.RunsInsideMulti;

    [Command("MULTI", "", Group.Transactions, Common | Flags.Fast | Flags.AllowBusy, Since = "1.2.0", Cost = "O(1)",
        Summary = "Begins a transaction: commands wait until EXEC.")]
    public static void Begin(Execution x)
    {
        if (x.Session.Transaction.IsOpen)
        {
            x.Reply.Error("ERR MULTI calls can not be nested"u8);
            return;
        }
        x.Session.Transaction.Open();
        x.Reply.Ok();
    }

    [Command("EXEC", "", Group.Transactions, Common | Flags.SkipSlowlog, Since = "1.2.0", Cost = "That of the commands together",
        Summary = "Runs the commands that wait.")]
    public static void Exec(Execution x)
    {
        Transaction transaction = x.Session.Transaction;
        if (!transaction.IsOpen)
        {
            x.Reply.Error("ERR EXEC without MULTI"u8);
            return;
        }
        bool isStale = transaction.IsStale || transaction.HasExpiredKey(x.Server.Databases);
        bool hasErrors = transaction.HasErrors;
        QueuedCommand[] commands = transaction.Take();
        transaction.Unwatch(x.Server.Watches, x.Session);
        if (hasErrors) x.Reply.Error(Errors.ExecAborted);
        else if (isStale) x.Reply.NullArray();
        else RunAll(x, commands);
    }

    [Command("DISCARD", "", Group.Transactions, Common | Flags.Fast | Flags.AllowBusy, Since = "2.0.0",
        Cost = "O(N) in the commands that wait", Summary = "Gives up a transaction.")]
    public static void Discard(Execution x)
    {
        if (!x.Session.Transaction.IsOpen)
        {
            x.Reply.Error("ERR DISCARD without MULTI"u8);
            return;
        }
        Abandon(x);
        x.Reply.Ok();
    }

    /// <summary>Forgets what was queued and what is watched.</summary>
    internal static void Abandon(Execution x)
    {
        x.Session.Transaction.Close();
        x.Session.Transaction.Unwatch(x.Server.Watches, x.Session);
    }

    /// <summary>Each command runs through this same execution: nothing of EXEC's own may be asked of it afterwards.</summary>
    private static void RunAll(Execution x, QueuedCommand[] commands)
    {
        IServerControl control = x.Server.Control;
        RespWriter reply = x.Reply;
        reply.Array(commands.Length);
        Transaction transaction = x.Session.Transaction;
        transaction.IsRunning = true;
        try
        {
            foreach (QueuedCommand command in commands) control.RunQueued(x, in command);
        }
        finally
        {
            transaction.IsRunning = false;
        }
    }
}
