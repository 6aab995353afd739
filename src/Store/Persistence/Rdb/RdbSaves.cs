using System.Globalization;
using System.Text;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Rdb;

/// <summary>Saves the keyspace, when asked and at the save points, and reads it back. Under the gate, but for what says otherwise.</summary>
/// <param name="log">Takes lines for the server's log, on any thread.</param>
internal sealed class RdbSaves(GalleyEngine engine, IFiles files, Action<string> log) : ISaves
{
    private const string AlreadySaving = "ERR Background save already in progress";

    private const string OtherSnapshot = "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to "
        + "schedule a BGSAVE whenever possible.";

    private const string StreamMustWait = "ERR another snapshot is under way: a save, a rewrite of the append-only file or a backup. Try again when it has ended";

    private const string Failed = "ERR";

    private const string Misconfigured = "Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. "
        + "Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if "
        + "RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.";

    /// <summary>A save point waits so long after a save that failed, as in redis-server.</summary>
    private const int RetryMs = 5000;

    private readonly GalleyEngine _engine = engine;
    private readonly ServerContext _server = engine.Server;
    private BackgroundSave? _current;
    private bool _isScheduled;
    private bool _lastOk = true;
    private long _lastSaveMs = engine.Server.StartedMs;
    private long _lastTryMs;
    private long _lastSeconds = -1;
    private long _changesSaved;
    private long _saves;
    private long _filesBegun;
    private RdbLoadResult _loaded;

    public SaveFigures Figures => new()
    {
        LastSaveMs = _lastSaveMs,
        Changes = Changes,
        InProgress = _current is not null,
        LastOk = _lastOk,
        LastSeconds = _lastSeconds,
        CurrentSeconds = _current is { } save ? (NowMs - save.StartedMs) / 1000 : -1,
        Saves = _saves,
        KeysWritten = _current?.Entries ?? 0,
        KeysTotal = _current?.EntriesTotal ?? 0,
        LoadedKeys = _loaded.Keys,
        LoadedExpired = _loaded.Expired,
    };

    public string? WriteRefusal =>
        !_lastOk && Settings.StopWritesOnBgsaveError && Settings.Save.Points.Count > 0 ? Misconfigured : null;

    private Settings Settings => _server.Settings;

    private long NowMs => _server.Databases.Clock.NowMs;

    /// <summary>What was loaded was counted as changes, or was not: none is newer than the files.</summary>
    private long Changes => Math.Max(0, _server.Stats.Dirty - _changesSaved);

    private string FilePath => Path.Combine(Settings.Directory, Settings.DbFileName);

    public bool TrySave(out string error)
    {
        error = _current is null ? Failed : AlreadySaving;
        return _current is null && Save(yields: true);
    }

    public bool TrySaveAtEnd()
    {
        if (_current is not null) GiveUp("the server is shutting down");
        log("Saving the final RDB snapshot before exiting.");
        return Save(yields: false);
    }

    public void KeyspaceEmptied()
    {
        if (_server.IsLoading) return;
        if (_current is not null) GiveUp("all keys are gone");
        if (Settings.Save.Points.Count > 0) Save(yields: false);
    }

    public bool TryBegin(out string error)
    {
        error = _current is not null ? AlreadySaving : _engine.IsSnapshotUnderWay ? OtherSnapshot : Failed;
        return _current is null && !_engine.IsSnapshotUnderWay && Begin();
    }

    public bool TrySchedule(bool mustWait, out bool isScheduled, out string error)
    {
        isScheduled = _current is null && (mustWait || _engine.IsSnapshotUnderWay);
        error = "";
        if (!isScheduled) return TryBegin(out error);
        _isScheduled = true;
        return true;
    }

    public bool TryCancel(out bool wasScheduled)
    {
        wasScheduled = _current is null && _isScheduled;
        _isScheduled = false;
        if (_current is null) return wasScheduled;
        log("Background saving will be aborted due to user request");
        GiveUp("cancelled");
        return true;
    }

    public ISnapshotStream? BeginStream(out string error)
    {
        error = _server.IsLoading ? Encoding.ASCII.GetString(Errors.Loading)
            : _server.IsBusy ? Encoding.ASCII.GetString(Errors.BusyWith(_server.BusyWith)) : StreamMustWait;
        // In the midst of a script it would be a picture of half of it.
        if (_server.IsLoading || _server.IsBusy || _engine.IsSnapshotUnderWay) return null;
        var stream = new SnapshotStream(_engine);
        return _engine.TryBeginSnapshot(stream, stream.Complete) ? stream : null;
    }

    public bool TryReload(Reload options, out string error)
    {
        error = Failed;
        if ((options & Reload.NoSave) == 0 && !Save(yields: true)) return false;
        error = "ERR Error trying to load the RDB dump, check server logs.";
        _server.IsLoading = true;
        try
        {
            if ((options & Reload.NoFlush) == 0) Empty(_server);
            return TryLoad(new RdbLoader(_server, log) { Replaces = (options & Reload.Merge) != 0 }, YieldWhileLoading);
        }
        catch (PersistenceException failure)
        {
            log(failure.Message);
            return false;
        }
        finally
        {
            _server.IsLoading = false;
        }
    }

    /// <summary>Others hear LOADING.</summary>
    private void YieldWhileLoading(long read, long length)
    {
        if (!_server.Control.Yield(LongWork.Command)) throw new PersistenceException("the server is to end");
    }

    public void Tick(long nowMs)
    {
        if (_current is not null || _engine.IsSnapshotUnderWay) return;
        if (_isScheduled)
        {
            _isScheduled = false;
            Begin();
        }
        else if (DuePoint(nowMs) is { } point)
        {
            log(string.Create(CultureInfo.InvariantCulture, $"{point.Changes} changes in {point.Seconds} seconds. Saving..."));
            Begin();
        }
    }

    /// <summary>Loads the file where there is one; false where there is none. Whoever calls is in a turn.</summary>
    /// <exception cref="PersistenceException">It cannot be read, or not be trusted.</exception>
    public bool TryLoad(RdbLoader loader, Action<long, long>? progress)
    {
        if (Settings.DbFileName.Length == 0 || !files.Exists(FilePath)) return false;
        try
        {
            using IFile file = files.OpenRead(FilePath);
            long length = file.Length;
            progress?.Invoke(0, length);
            _loaded = loader.Load(file, Settings.DbFileName, bytes => progress?.Invoke(bytes, length));
        }
        catch (IOException failure)
        {
            throw new PersistenceException($"Fatal error loading the DB, check server logs: {Settings.DbFileName}: {FileErrors.Reason(failure)}", failure);
        }
        log(string.Create(CultureInfo.InvariantCulture, $"Done loading RDB, keys loaded: {_loaded.Keys}, keys expired: {_loaded.Expired}."));
        return true;
    }

    /// <summary>What was read back counts as no change, nor does what it has replaced.</summary>
    public void ForgetChanges() => _changesSaved = _server.Stats.Dirty;

    /// <summary>Takes all keys away, and what else a file brings.</summary>
    internal static void Empty(ServerContext server)
    {
        for (int id = 0; id < server.Databases.Count; id++) server.Databases[id].Clear();
        server.Tracking.Flushed();
        server.Scripting.ClearLibraries();
    }

    /// <param name="yields">Others may be told that it takes long.</param>
    private bool Save(bool yields)
    {
        _saves++;
        string? failure = ForegroundSave.Run(_server, files, NewFile(), yields);
        if (failure is null) EndWell(_server.Stats.Dirty);
        log(failure is null ? "DB saved on disk" : $"Write error saving DB on disk: {failure}");
        return failure is null;
    }

    private bool Begin()
    {
        _saves++;
        _lastTryMs = NowMs;
        var save = new BackgroundSave(_server, files, NewFile(), Ended);
        if (!_engine.TryBeginSnapshot(save, save.Complete)) return false;
        _current = save;
        save.Start();
        log("Background saving started");
        return true;
    }

    /// <summary>On the thread that wrote.</summary>
    private void Ended(BackgroundSave save, string? failure) => _engine.Post(new ActionWork(() =>
    {
        // One that was given up is not spoken of any more.
        if (_current != save) return;
        _current = null;
        _lastSeconds = (NowMs - save.StartedMs) / 1000;
        if (failure is null) EndWell(save.ChangesBefore);
        else _lastOk = false;
        log(failure is null ? "Background saving terminated with success" : $"Background saving error: {failure}");
    }));

    /// <summary>As in redis-server, only a save in the background that fails stops writes: whoever saves otherwise is told.</summary>
    private void EndWell(long changes)
    {
        _lastOk = true;
        _lastSaveMs = NowMs;
        _changesSaved = changes;
    }

    private void GiveUp(string reason)
    {
        _current!.Cancel(reason);
        _engine.AbandonSnapshot(_current);
        _current = null;
    }

    private SavePoint? DuePoint(long nowMs)
    {
        if (!_lastOk && nowMs - _lastTryMs <= RetryMs) return null;
        foreach (SavePoint point in Settings.Save.Points)
            if (Changes >= point.Changes && nowMs - _lastSaveMs > point.Seconds * 1000) return point;
        return null;
    }

    private RdbSaveFile NewFile() => new(files, Settings.Directory, Settings.DbFileName, ++_filesBegun, log);
}
