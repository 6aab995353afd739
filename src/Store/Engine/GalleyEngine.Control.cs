using Galley.Resp.Transport;
using Galley.Store.Commands;
using Galley.Store.Configuration;

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

    bool IServerControl.TryReloadLog(out string error) => _persistence.TryReload(out error);

    bool IServerControl.TryShutdown(ShutdownRequest request, out string error)
    {
        error = "ERR Errors trying to SHUTDOWN. Check logs.";
        if (!TryEnd(request)) return false;
        _shutdown = request;
        if (Server.IsBusy) Interrupt();
        return true;
    }

    /// <summary>The data was saved for the end, which may come: what changes from here on is to be saved as well.</summary>
    internal bool HasSavedForEnd { get; private set; }

    /// <summary>What must be done before the process may end; false when it could not be, and the server is to serve on. Any thread.</summary>
    public Task<bool> TryShutdownAsync(ShutdownRequest request)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate.Post(new ActionWork(() => done.SetResult(TryEnd(request))));
        return done.Task;
    }

    private bool TryEnd(ShutdownRequest request)
    {
        Server.Log(LogLevel.Warning, "User requested shutdown...");
        bool saves = (request & ShutdownRequest.NoSave) == 0 && !Server.IsLoading
            && ((request & ShutdownRequest.Save) != 0 || Server.Settings.Save.Points.Count > 0);
        if (!saves) return true;
        HasSavedForEnd = Server.Saves.TrySaveAtEnd();
        if (HasSavedForEnd || (request & ShutdownRequest.Force) != 0) return true;
        Server.Log(LogLevel.Warning, "Error trying to save the DB, can't exit.");
        return false;
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
        long nowMs = Server.Databases.Clock.NowMs;
        _persistence.Tick(nowMs);
        Server.Saves.Tick(nowMs);
    }

    internal void Post(ITurnWork work) => _gate.Post(work);
}
