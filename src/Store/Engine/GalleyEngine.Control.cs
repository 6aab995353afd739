using Galley.Resp.Transport;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <content>What commands ask of the engine.</content>
public sealed partial class GalleyEngine
{
    private ShutdownRequest? _shutdown;

    PersistenceFigures IServerControl.Persistence => _persistence.Figures;

    void IServerControl.RunQueued(Execution x, in QueuedCommand command) =>
        _dispatcher.RunQueued(x.Session, in command);

    bool IServerControl.TryBeginRewrite(out string error)
    {
        _cron.Wake();
        return _persistence.TryBeginRewrite(out error);
    }

    bool IServerControl.TryShutdown(ShutdownRequest request, out string error)
    {
        error = "";
        _shutdown = request;
        if (Server.IsBusy) Interrupt();
        return true;
    }

    /// <summary>A shutdown waits for nobody yet (it will for replicas), so there is never one to call off.</summary>
    bool IServerControl.TryAbortShutdown() => false;

    private void RaiseShutdown(ShutdownRequest request)
    {
        _shutdown = null;
        ShutdownRequested?.Invoke(request);
    }

    /// <summary>Persistence may begin a rewrite here, whose picture is of this moment: what the log has so far is taken first.</summary>
    internal void TickPersistence()
    {
        _log.EndTurn();
        _persistence.Tick(Server.Databases.Clock.NowMs);
    }

    internal void Post(ITurnWork work) => _gate.Post(work);
}
