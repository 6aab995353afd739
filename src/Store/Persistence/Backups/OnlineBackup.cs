using Galley.Store.Commands;
using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Backups;

/// <summary>
/// BACKUP. Its base is that of a rewrite; what changes after it is in the increments of the log, which are kept by hard
/// links. With <c>appendonly no</c> a log is written for it alone, in its folder.
/// <code>
///   idle --START--&gt; pending, snapshotting --&gt; incrementing --SEAL--&gt; sealed --CLEANUP, time--&gt; idle
///                          |                       |
///                          +------ ABORT, trouble -+--&gt; failed --START--&gt; ...
/// </code>
/// From its snapshot on until it is sealed, the log is not rewritten: its files are those of the backup.
/// </summary>
internal sealed class OnlineBackup(IBackupLog log, BackupFolder folder, ServerContext server, Action<string> tell) : IBackups
{
    private readonly IBackupLog _log = log;
    private readonly BackupFolder _folder = folder;
    private readonly ServerContext _server = server;
    private BackupState _state;
    private string _error = "";
    private long _startedMs;
    private long _sealedMs;
    private AppendOnlyFile? _file;
    private bool _isTemporary;

    /// <summary>The number of the rewrite whose base it is.</summary>
    private long _rewrite;

    /// <summary>Tells what was begun for this backup from what was for an earlier one.</summary>
    private int _number;

    private bool _isPinning;

    public BackupFigures Figures => new(_state, _error, _startedMs, _sealedMs, _folder.Paths);

    /// <summary>The files of the log must stay as they are.</summary>
    public bool HoldsRewrites => _state == BackupState.Incrementing || (IsUnderWay && _file!.RewriteCount >= _rewrite);

    private bool IsUnderWay => _state is BackupState.Pending or BackupState.Snapshotting or BackupState.Incrementing;

    private long NowMs => _server.Databases.Clock.NowMs;

    public bool TryStart(out string error)
    {
        error = _state == BackupState.Sealed ? "ERR a sealed backup is there: BACKUP CLEANUP takes it away" : "ERR a backup is in progress already";
        if (IsUnderWay || _state == BackupState.Sealed) return false;
        if ((_folder.Prepare() ?? Begin()) is { } reason)
        {
            error = "ERR " + reason;
            return false;
        }
        _number++;
        _error = "";
        _sealedMs = 0;
        _startedMs = NowMs;
        _isPinning = false;
        _state = _log.IsSnapshotUnderWay ? BackupState.Pending : BackupState.Snapshotting;
        tell("Backup started");
        return true;
    }

    public bool TrySeal(out string error)
    {
        error = $"ERR there is no backup to seal: its state is {BackupCommands.NameOf(_state)}";
        if (_state != BackupState.Incrementing || !IsAlive()) return false;
        try
        {
            Seal();
        }
        catch (Exception failure) when (failure is IOException or PersistenceException)
        {
            Fail(failure is IOException io ? FileErrors.Reason(io) : failure.Message);
            error = "ERR the backup has failed: " + _error;
            return false;
        }
        _state = BackupState.Sealed;
        _sealedMs = NowMs;
        tell("Backup sealed");
        return true;
    }

    public bool TryAbort(out string error)
    {
        error = _state == BackupState.Sealed ? "ERR the backup is sealed: BACKUP CLEANUP takes it away" : "ERR there is no backup in progress";
        if (!IsUnderWay) return false;
        Fail("aborted by the user");
        return true;
    }

    public bool TryCleanUp(out string error)
    {
        error = "ERR there is no sealed backup to clean up";
        if (_state is not (BackupState.Sealed or BackupState.Failed)) return false;
        if (_folder.Remove() is { } reason)
        {
            error = "ERR not all files of the backup could be removed: " + reason;
            return false;
        }
        _state = BackupState.Idle;
        _error = "";
        _startedMs = _sealedMs = 0;
        return true;
    }

    public void Tick(long nowMs)
    {
        if (_state == BackupState.Sealed) Expire(nowMs);
        if (!IsUnderWay || !IsAlive() || _state == BackupState.Incrementing || _isPinning) return;
        if (_file!.RewriteCount < _rewrite) return;
        _state = BackupState.Snapshotting;
        if (_file.IsRewriting) return;
        if (_file.LastRewriteSucceeded) Pin();
        else Fail("its snapshot could not be written: see the log");
    }

    /// <summary>Sees to the rewrite that makes the base: one that runs already will do. Null, or why there can be none.</summary>
    private string? Begin()
    {
        _isTemporary = _log.File is null;
        if (_isTemporary && _log.BeginTemporary(_folder.Options) is { } reason) return reason;
        _file = _log.File!;
        bool isRunning = _file.IsRewriting;
        _rewrite = _file.RewriteCount + (isRunning ? 0 : 1);
        if (!isRunning) _log.RequestRewrite();
        return null;
    }

    /// <summary>Keeps the base by a name in the folder; the disk is waited for outside the gate.</summary>
    private void Pin()
    {
        _isPinning = true;
        int number = _number;
        AofFile written = _file!.Manifest.Base!;
        string path = _file.PathOf(written);
        ThreadPool.UnsafeQueueUserWorkItem(_ =>
        {
            string? failure = null;
            try
            {
                _folder.Pin(path, written);
            }
            catch (IOException refused)
            {
                failure = FileErrors.Reason(refused);
            }
            _log.Post(() => HasPinned(number, written, failure));
        }, null);
    }

    private void HasPinned(int number, AofFile written, string? failure)
    {
        if (number != _number || _state != BackupState.Snapshotting)
        {
            // It was given up meanwhile, and its folder emptied before the name was there.
            if (!IsUnderWay && _state != BackupState.Sealed) _folder.Remove();
            return;
        }
        if (failure is not null)
        {
            Fail(failure);
            return;
        }
        _folder.Add(written);
        _state = BackupState.Incrementing;
    }

    /// <summary>As SHUTDOWN, it has everybody wait for the disk.</summary>
    private void Seal()
    {
        _log.EndTurn();
        AofManifest manifest;
        if (_isTemporary)
        {
            _file!.FlushNow();
            manifest = _file.Manifest with { History = [] };
            _log.EndTemporary();
        }
        else
        {
            manifest = _file!.Seal();
        }
        foreach (AofFile increment in manifest.Increments)
        {
            _folder.Pin(_file.PathOf(increment), increment);
            _folder.Add(increment);
        }
        _folder.WriteManifest(manifest);
    }

    /// <summary>Its log is still the one that it began with, and well where it is its own.</summary>
    private bool IsAlive()
    {
        string? trouble = _file != _log.File ? "the append-only file was turned off" : _isTemporary ? _file!.Failure : null;
        if (trouble is null) return true;
        Fail(trouble);
        return false;
    }

    private void Fail(string reason)
    {
        _state = BackupState.Failed;
        _error = reason;
        tell("Backup failed: " + reason);
        if (_isTemporary && _file == _log.File) _log.EndTemporary();
        _folder.Remove();
    }

    private void Expire(long nowMs)
    {
        long seconds = _server.Settings.BackupSealedTtlSeconds;
        if (seconds == 0 || nowMs - _sealedMs < seconds * 1000) return;
        if (TryCleanUp(out string error)) tell("The sealed backup has expired, and was cleaned up");
        else tell(error);
    }
}
