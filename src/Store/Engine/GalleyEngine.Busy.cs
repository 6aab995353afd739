using Galley.Resp.Transport;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <content>
/// Commands that take very long. Whoever runs one calls <see cref="IServerControl.Yield"/> every few milliseconds; beyond
/// <c>busy-reply-threshold</c> the gate is then lent to the other clients, who hear BUSY, but for the few short commands
/// that may run in another's midst. What the long command has done so far stays where it is: the turn does not end.
/// </content>
public sealed partial class GalleyEngine
{
    private volatile LongWork _busy;
    private readonly ManualResetEventSlim _interrupt = new();

    /// <summary>What came in the midst of something long, and must not be done there. Under the gate.</summary>
    private readonly Queue<ITurnWork> _afterBusy = new();

    /// <summary>What has been running for longer than <c>busy-reply-threshold</c>, if anything. Any thread.</summary>
    public LongWork BusyWith => _busy;

    /// <summary>Ends what takes long, loading included: the server is about to stop. Any thread.</summary>
    public void Interrupt() => _interrupt.Set();

    bool IServerControl.Yield(LongWork work)
    {
        if (_interrupt.IsSet) return false;
        if (Server.IsBusy || !IsOverdue()) return true;
        _log.Settle();
        _busy = work;
        Server.BusyWith = work;
        bool goesOn = _gate.Lend();
        Server.BusyWith = LongWork.None;
        if (_shutdown is { } request) RaiseShutdown(request);
        return goesOn && !_interrupt.IsSet;
    }

    /// <summary>The turn ends in which something took long.</summary>
    private void EndBusy()
    {
        _busy = LongWork.None;
        while (_afterBusy.TryDequeue(out ITurnWork? work)) _gate.Post(work);
    }

    /// <summary>What a reply that is written now reflects of the log.</summary>
    private long ReflectedOffset => Server.IsBusy ? _log.SettledOffset : _log.EndOffset;

    private bool IsOverdue()
    {
        long thresholdMs = Server.Settings.BusyReplyThresholdMs;
        if (thresholdMs == 0) return false;
        long nowMs = Server.Databases.Clock.ReadMicroseconds() / 1000;
        return nowMs - Server.Databases.Clock.NowMs >= thresholdMs;
    }
}
