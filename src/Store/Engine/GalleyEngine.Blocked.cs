using Galley.Resp.Transport;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <content>Clients that wait, and how they go on.</content>
public sealed partial class GalleyEngine
{
    long IServerControl.DurableOffset => _log.DurableOffset;

    void IServerControl.LookEarlier() => _cron.Wake();

    void IServerControl.ResumePaused() => _gate.Post(_resume);

    /// <summary>Ends the session's wait as its timeout would; if it does not wait, its next one ends before it begins. Any thread.</summary>
    public void Interrupt(Session session) => _gate.Post(new ActionWork(() =>
        session.IsInterrupted = !((IServerControl)this).TryUnblock(session, withError: false)));

    bool IServerControl.TryUnblock(Session session, bool withError)
    {
        if (session.Blocked is not { IsPostponed: false } blocked) return false;
        if (withError) _dispatcher.Fail(blocked);
        else _dispatcher.GiveUp(blocked);
        return true;
    }

    /// <summary>Ends waits whose time is over, and those for the disk; true when none that is due remains.</summary>
    internal bool ServeBlocked(int count)
    {
        if (Server.Pause.IsActive && Server.Databases.Clock.NowMs >= Server.Pause.UntilMs) EndPause();
        if (Server.Blocking.AwaitingStorage.Count > 0) _dispatcher.ServeStored(_log.DurableOffset);
        return _dispatcher.TimeOut(count);
    }

    private void EndPause()
    {
        Server.Pause.End();
        _gate.Post(_resume);
    }

    /// <summary>Keys that have just expired may be what somebody waits for.</summary>
    internal void ServeReady() => _dispatcher.ServeReady();

    /// <summary>The reply is written: it leaves when the log allows, and what the client sent meanwhile runs in a later turn.</summary>
    private void GoOn(Session session)
    {
        if (session.Connection is { } connection)
        {
            HoldForLog(connection);
            OutputGuard.Enforce(session, Server);
            connection.Resume();
            return;
        }
        while (session.Postponed.TryDequeue(out ITurnWork? work)) _gate.Post(work);
    }

    /// <summary>A client that is gone waits for nothing; requests that still hang on it end with an error for each command.</summary>
    private void Unblock(Session session)
    {
        if (session.Blocked is not { } blocked) return;
        Server.Blocking.Remove(blocked);
        if (session.Connection is not null) return;
        session.Reply.Error(Gone);
        while (session.Postponed.TryDequeue(out ITurnWork? work)) Abandon((DoorRequest)work);
    }

    /// <summary>What its session has left to run it runs no more: none is there to hear of it, nor to end a wait.</summary>
    private void Abandon(DoorRequest request)
    {
        for (int i = request.DoneCount; i < request.Commands.Length; i++) request.Session.Reply.Error(Gone);
        Complete(request);
    }

    private static ReadOnlySpan<byte> Gone => "UNBLOCKED the client has gone while its command waited"u8;
}
