using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Keyspace;

namespace Galley.Store.Engine;

/// <content>Blocked commands: run again when what they wait for is there, ended when it does not come.</content>
internal sealed partial class Dispatcher
{
    /// <summary>Apart from the one that runs commands: a client may be unblocked from within another's command.</summary>
    private readonly Execution _retry = new(server);

    /// <summary>The client's reply is in its output, and it goes on with what it has sent meanwhile.</summary>
    public Action<Session> Unblocked { get; init; } = static _ => { };

    /// <summary>
    /// Looks at the queues of the keys that the last command, transaction or script has told of, in that order. What is
    /// served may tell of further keys (BLMOVE), which come after.
    /// </summary>
    public void ServeReady()
    {
        // What a long command has done so far is not to be seen before it has ended.
        if (_server.IsBusy) return;
        while (_server.Blocking.TryTakeReady(out KeyQueue? queue)) Serve(queue);
    }

    /// <summary>Runs again what waits for the log, as far as that is durable.</summary>
    public void ServeStored(long durableOffset)
    {
        LinkedListNode<BlockedCommand>? next = _server.Blocking.AwaitingStorage.First;
        while (next is { Value: var blocked })
        {
            next = next.Next;
            if (blocked.Terms.DurableOffset <= durableOffset) Retry(blocked, readyKey: 0);
        }
    }

    /// <summary>Ends up to about so many commands whose time is over; true when none remains.</summary>
    public bool TimeOut(int count)
    {
        TimeoutHeap timeouts = _server.Blocking.Timeouts;
        for (; timeouts.NextDueMs <= _server.Databases.Clock.NowMs; count--)
        {
            if (count <= 0) return false;
            BlockedCommand first = timeouts.First;
            if (first.GivesUpAtMs <= _server.Databases.Clock.NowMs) GiveUp(first);
            else Retry(first, readyKey: 0);
        }
        return true;
    }

    /// <summary>Ends a wait as its timeout would.</summary>
    public void GiveUp(BlockedCommand blocked) => End(blocked, blocked.Terms.TimeoutReply);

    /// <summary>Ends a wait with an error.</summary>
    public void Fail(BlockedCommand blocked) =>
        End(blocked, static x => x.Reply.Error("UNBLOCKED client unblocked via CLIENT UNBLOCK"u8));

    private void Serve(KeyQueue queue)
    {
        LinkedListNode<WaitingPlace>? next = queue.Places.First;
        while (next is { Value: var place })
        {
            next = next.Next;
            // Whoever was there first may have taken the last: the key is looked at anew for each.
            Key key = _server.Databases[queue.Database].Open(queue.Key);
            bool exists = key.Exists && !_server.Expirer.IsDue(in key);
            if (!exists && queue.WakingWhenGone == 0) return;
            BlockingTerms terms = place.Blocked.Terms;
            bool wakes = exists && key.Type == terms.Type ? !IsLeaving(place.Blocked.Session) : terms.WakesWhenGone;
            if (wakes) Retry(place.Blocked, place.Argument);
        }
    }

    /// <summary>A client that is being closed takes nothing away that another could have.</summary>
    private static bool IsLeaving(Session session) => session.Connection is { IsClosing: true };

    private void Retry(BlockedCommand blocked, int readyKey)
    {
        _retry.BeginRetry(blocked, readyKey);
        bool isServed = Answer(blocked, blocked.Command.Handler);
        if (isServed) Release(blocked);
        else if (blocked.Terms.RetryAtMs > 0) _server.Blocking.Reschedule(blocked, _retry.NextRetryAtMs);
    }

    private void End(BlockedCommand blocked, CommandHandler reply)
    {
        _retry.Begin(blocked.Session, blocked.Command, blocked.Arguments);
        Answer(blocked, reply);
        Release(blocked);
    }

    /// <summary>Lets the handler reply for the blocked client; false if it would have it wait on.</summary>
    private bool Answer(BlockedCommand blocked, CommandHandler handler)
    {
        Session session = blocked.Session;
        bool isSilent = session.IsSilent;
        long mark = isSilent ? session.BeginSilence() : session.Reply.Output.Written;
        var start = new CommandStart(_watch.Now, session.Reply.Output.Written);
        int units = _server.Effects.UnitDepth;
        Session? outer = _server.Tracking.Enter(session);
        try
        {
            _server.Effects.BeginUnit();
            handler(_retry);
            if (session.Tracking is not null && blocked.Command.Has(Flags.ReadOnly))
                _server.Tracking.Remember(session, blocked.Command, blocked.Arguments);
            _retry.LogEffects();
            _server.PubSub.FlushFields();
            if (!_server.IsBusy) _server.Feed.Flush();
            _server.Effects.EndUnit();
        }
#pragma warning disable CA1031 // As with any other command.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Apologize(session, blocked.Command, mark, units, failure);
        }
        bool hasFailed = session.HasUncountedErrors;
        if (hasFailed) CountErrors(session);
        bool hasEnded = !_retry.EndRetry();
        if (hasEnded) _watch.HasEnded(blocked, start, hasFailed);
        if (isSilent) session.EndSilence(mark);
        if (hasEnded) KeyTracking.EndException(session);
        _server.Tracking.Leave(outer);
        return hasEnded;
    }

    private void Release(BlockedCommand blocked)
    {
        Session session = blocked.Session;
        _server.Blocking.Remove(blocked);
        session.LogOffset = _server.Effects.TakeOffset();
        if (session.ReplyMode == ReplyMode.Skipping) session.ReplyMode = ReplyMode.On;
        Unblocked(session);
    }
}
