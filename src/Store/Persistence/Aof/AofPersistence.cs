using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;

namespace Galley.Store.Persistence.Aof;

/// <summary>Rewrites the append-only file, when asked and by itself, from a snapshot that the engine walks in turns.</summary>
internal sealed class AofPersistence(GalleyEngine engine, AppendOnlyFile file) : IPersistence
{
    private readonly GalleyEngine _engine = engine;
    private readonly AppendOnlyFile _file = file;
    private bool _isRequested;

    public PersistenceFigures Figures
    {
        get
        {
            AofStatus status = _file.Status;
            return new PersistenceFigures
            {
                AofEnabled = true,
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

    public void Tick(long nowMs)
    {
        if (!_isRequested && !IsGrown()) return;
        if (_file.Status.RewriteInProgress) return;
        _isRequested = false;
        Begin();
    }

    private void Begin()
    {
        AofRewrite rewrite = _file.BeginRewrite();
        _engine.Server.Effects.ForgetDatabase();
        bool begun = _engine.TryBeginSnapshot(new SnapshotCommands(rewrite), () => rewrite.Complete());
        if (!begun) rewrite.Abort("another snapshot is under way");
    }

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
