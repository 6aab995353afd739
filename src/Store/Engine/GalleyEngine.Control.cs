using Galley.Resp.Protocol;
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

    void IServerControl.RunScripted(Session script, in Arguments command, ScriptRules rules, IScriptedWrites writes) =>
        _dispatcher.RunScripted(script, in command, rules, writes);

    string? IServerControl.ScriptRefusal(ScriptRules rules) => _dispatcher.ScriptRefusal(rules);

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

    /// <summary>
    /// What must be done before the process may end; false when it could not be, and the server is to serve on. What is saved has the
    /// whole of a script or nothing of it: one that runs is stopped if that leaves no trace, and its end awaited. Any thread.
    /// </summary>
    public Task<bool> TryShutdownAsync(ShutdownRequest request)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate.Post(new ActionWork(() => End(request, done)));
        return done.Task;
    }

    private void End(ShutdownRequest request, TaskCompletionSource<bool> done)
    {
        bool isInScript = Server.BusyWith is LongWork.Script or LongWork.Function;
        if (!isInScript || !Saves(request))
        {
            done.SetResult(TryEnd(request));
            return;
        }
        if (!Server.Scripting.TryStop())
        {
            Server.Log(LogLevel.Warning, "The server ends when the script that runs has ended, since what it has written cannot be undone. "
                + "SHUTDOWN NOSAVE does not wait for it.");
        }
        _afterBusy.Enqueue(new ActionWork(() => End(request, done)));
    }

    /// <summary>
    /// Begins a snapshot of this moment for one reader, and returns when it may be shown: what it reflects is stored as
    /// <c>appendfsync</c> asks. Null, with the reason, when it cannot begin. Any thread.
    /// </summary>
    public async Task<(ISnapshotStream? Stream, string Error)> BeginStreamAsync(CancellationToken cancelled)
    {
        var begun = new TaskCompletionSource<(ISnapshotStream? Stream, string Error, long Offset)>(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate.Post(new ActionWork(() =>
        {
            try
            {
                ISnapshotStream? stream = Server.Saves.BeginStream(out string error);
                _cron.Wake();
                begun.SetResult((stream, error, _log.EndOffset));
            }
#pragma warning disable CA1031 // Whoever waits must hear of it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                begun.SetException(failure);
            }
        }));
        (ISnapshotStream? stream, string error, long offset) = await begun.Task;
        if (stream is not null) await AwaitReleaseAsync(stream, offset, cancelled);
        return (stream, error);
    }

    private async Task AwaitReleaseAsync(ISnapshotStream stream, long offset, CancellationToken cancelled)
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (_log.ReleasedOffset >= offset) released.TrySetResult();
        }
        TicketReleased += Look;
        try
        {
            Look();
            await released.Task.WaitAsync(cancelled);
        }
        catch (OperationCanceledException)
        {
            stream.Dispose();
            throw;
        }
        finally
        {
            TicketReleased -= Look;
        }
    }

    private bool TryEnd(ShutdownRequest request)
    {
        Server.Log(LogLevel.Warning, "User requested shutdown...");
        if (!Saves(request)) return true;
        HasSavedForEnd = Server.Saves.TrySaveAtEnd();
        if (HasSavedForEnd || (request & ShutdownRequest.Force) != 0) return true;
        Server.Log(LogLevel.Warning, "Error trying to save the DB, can't exit.");
        return false;
    }

    private bool Saves(ShutdownRequest request) =>
        (request & ShutdownRequest.NoSave) == 0 && !Server.IsLoading && !Server.Scripting.HasLeftHalf
        && ((request & ShutdownRequest.Save) != 0 || Server.Settings.Save.Points.Count > 0);

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
        // Before a rewrite may begin: the files of a backup must not be rewritten away.
        Server.Backups.Tick(nowMs);
        _persistence.Tick(nowMs);
        Server.Saves.Tick(nowMs);
    }

    /// <summary>Somebody waits for the gate, which own work should let go soon.</summary>
    internal bool IsGateWanted => _gate.IsWanted;

    internal void Post(ITurnWork work) => _gate.Post(work);
}
