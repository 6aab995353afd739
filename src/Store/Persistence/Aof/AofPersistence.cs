using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Persistence.Rdb;

namespace Galley.Store.Persistence.Aof;

/// <summary>Rewrites the append-only file, when asked and by itself, from a snapshot that the engine walks in turns.</summary>
/// <param name="isHeld">A backup needs the files as they are: a rewrite waits.</param>
/// <param name="reload">Reads what is stored back into memory, in the present turn.</param>
internal sealed class AofPersistence(GalleyEngine engine, AppendOnlyFile file, Func<bool> isHeld, Action reload, Action<string> log) : IPersistence
{
    /// <summary>The pause between attempts at a first base.</summary>
    private const int BaseRetryMs = 1000;

    private readonly RewriteBrake _brake = new();

    private readonly GalleyEngine _engine = engine;
    private readonly AppendOnlyFile _file = file;
    private bool _isRequested;
    private AofRewrite? _rewrite;
    private long _baseDueMs;

    public bool IsRewriting => _file.IsRewriting;

    /// <summary>The file is there for a backup alone: <c>appendonly</c> is <c>no</c>.</summary>
    public bool IsTemporary { get; init; }

    public PersistenceFigures Figures
    {
        get
        {
            AofStatus status = _file.Status;
            return new PersistenceFigures
            {
                AofEnabled = !IsTemporary,
                RewriteInProgress = status.RewriteInProgress,
                RewriteScheduled = _isRequested,
                LastRewriteSeconds = status.LastRewriteSeconds,
                CurrentRewriteSeconds = status.CurrentRewriteSeconds,
                LastRewriteOk = status.LastRewriteSucceeded,
                LastWriteOk = status.LastWriteSucceeded,
                CurrentSize = status.CurrentSizeBytes,
                BaseSize = status.BaseSizeBytes,
                BufferLength = status.BufferedBytes,
                FsyncPending = status.IsFlushPending,
                Rewrites = status.Rewrites,
                RewriteFailuresInARow = status.ConsecutiveRewriteFailures,
            };
        }
    }

    /// <summary>It begins with the next turn of the cron: a snapshot cannot begin inside a transaction.</summary>
    public bool TryBeginRewrite(out string error)
    {
        error = "";
        if (_file.Status.RewriteInProgress)
        {
            error = "ERR Background append only file rewriting already in progress";
            return false;
        }
        _isRequested = true;
        return true;
    }

    public bool TryReload(out string error)
    {
        error = "ERR Error trying to load the append only file, check server logs.";
        try
        {
            _engine.EndLogTurn();
            _file.FlushNow();
            reload();
            return true;
        }
        catch (PersistenceException failure)
        {
            log(failure.Message);
            return false;
        }
    }

    public void Tick(long nowMs)
    {
        if (_file.Policy == FsyncPolicy.No && _engine.Server.Blocking.AwaitingStorage.Count > 0) _file.AskForFlush();
        if (isHeld() || (!_isRequested && !IsGrown() && !IsBaseDue(nowMs))) return;
        AofStatus status = _file.Status;
        if (status.RewriteInProgress || _engine.IsSnapshotUnderWay) return;
        if (!_isRequested && _brake.Holds(status.ConsecutiveRewriteFailures, nowMs)) return;
        _isRequested = false;
        _baseDueMs = nowMs + BaseRetryMs;
        Begin();
    }

    /// <summary>Gives up the rewrite that is under way, for the file is about to be closed.</summary>
    public void Stop() => _rewrite?.Abort("the append-only file is turned off");

    private void Begin()
    {
        bool isRdb = _engine.Server.Settings.AofUseRdbPreamble;
        AofRewrite rewrite = _rewrite = _file.BeginRewrite(isRdb ? new RdbComposer(_engine.Server.Settings) : null);
        _engine.Server.Effects.ForgetDatabase();
        bool begun = isRdb ? BeginAsRdb(rewrite) : BeginAsCommands(rewrite);
        if (!begun) rewrite.Abort("another snapshot is under way");
    }

    private bool BeginAsCommands(AofRewrite rewrite)
    {
        var commands = new SnapshotCommands(_engine.Server.Databases.Arena, rewrite.Append, () => rewrite.BufferedBytes);
        if (!_engine.TryBeginSnapshot(commands, () => rewrite.Complete())) return false;
        commands.TakeLibraries(_engine.Server.Scripting.Libraries);
        return true;
    }

    private bool BeginAsRdb(AofRewrite rewrite)
    {
        var snapshot = new RdbSnapshot(_engine.Server, new RdbParts(rewrite.Append), () => rewrite.BufferedBytes, isLogBase: true);
        return _engine.TryBeginSnapshot(snapshot, () =>
        {
            snapshot.End();
            rewrite.Complete();
        });
    }

    /// <summary>A set that began anew is nothing without its base: what fails is tried again, as redis-server does.</summary>
    private bool IsBaseDue(long nowMs) => _file.AwaitsBase && nowMs >= _baseDueMs;

    private bool IsGrown()
    {
        Settings settings = _engine.Server.Settings;
        if (settings.AutoAofRewritePercentage == 0) return false;
        AofStatus status = _file.Status;
        if (status.CurrentSizeBytes < settings.AutoAofRewriteBytesMin || status.RewriteInProgress) return false;
        long baseSize = Math.Max(1, status.BaseSizeBytes);
        return (status.CurrentSizeBytes - baseSize) * 100 / baseSize >= settings.AutoAofRewritePercentage;
    }
}
