using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <content>
/// Loading: commands from the append-only file, in turns like any others, so that doors may be open meanwhile and tell
/// their clients that they are too early.
/// </content>
public sealed partial class GalleyEngine
{
    /// <summary>From here on, until <see cref="EndLoading"/>, clients hear LOADING. Before any door is open.</summary>
    public void BeginLoading()
    {
        Server.Loading = new LoadingProgress { StartedMs = Server.Databases.Clock.NowMs };
        Server.IsLoading = true;
    }

    /// <summary>The data is there: from one turn to the next clients are served, and what they change goes to the log.</summary>
    public void EndLoading(IEffectSink? log, IPersistence? persistence)
    {
        _gate.Enter();
        AttachInTurn(log, persistence);
        Server.IsLoading = false;
        Server.Loading = null;
        _gate.Leave();
    }

    internal void BeginReplay(bool isInTurn = false)
    {
        if (isInTurn) _dispatcher.IsReplaying = true;
        else _gate.Enter();
    }

    internal void Replay(Session session, in Arguments command) => _dispatcher.Dispatch(session, in command);

    /// <summary>Ends a turn of the replay, and begins another.</summary>
    internal void GiveWayInReplay()
    {
        _gate.GiveWay();
        if (_interrupt.IsSet) throw new OperationCanceledException("The server is to stop before its data is loaded.");
    }

    /// <summary>Rests outside the gate.</summary>
    internal void RestFromReplay(TimeSpan time)
    {
        _gate.Leave();
        _interrupt.Wait(time);
        _gate.Enter();
    }

    internal void EndReplay(bool isInTurn = false)
    {
        Server.Stats.ForgetReplay();
        if (isInTurn) _dispatcher.IsReplaying = false;
        else _gate.Leave();
    }
}
