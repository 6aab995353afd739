using System.Globalization;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Backups;
using Galley.Store.Persistence.Files;
using Galley.Store.Persistence.Rdb;

namespace Galley.Store.Persistence;

/// <summary>
/// The data of one server on disk: loads what is there into the engine, then stores what the engine tells. Made before
/// any door opens, loaded while they tell their clients to wait, and closed after the last one. CONFIG SET appendonly turns storing on and off in between.
/// </summary>
public sealed partial class DataFolder : IDisposable
{
    private const string CannotTurnOn = "Unable to turn on AOF. Check server logs.";

    private readonly GalleyEngine _engine;
    private readonly AofOptions _options;
    private readonly RdbSaves _saves;
    private readonly OnlineBackup _backup;
    private AppendOnlyFile? _file;
    private AofPersistence? _persistence;

    private DataFolder(GalleyEngine engine, AofOptions options)
    {
        _engine = engine;
        _options = options;
        _saves = new RdbSaves(engine, options.Files, options.Log);
        engine.Server.Saves = _saves;
        _backup = new OnlineBackup(this, new BackupFolder(options with { FolderName = engine.Server.Settings.BackupDirectoryName }), engine.Server, options.Log);
        engine.Server.Backups = _backup;
    }

    /// <summary>
    /// Takes the folder that the settings name, and begins loading: clients hear of it until <see cref="Load"/> has ended.
    /// </summary>
    /// <param name="log">Takes lines for the server's log, on any thread.</param>
    public static DataFolder Create(GalleyEngine engine, Action<string> log, TimeProvider time, IFiles? files = null)
    {
        Settings settings = engine.Server.Settings;
        var data = new DataFolder(engine, new AofOptions
        {
            Files = files ?? SystemFiles.Instance,
            Directory = settings.Directory,
            FolderName = settings.AppendDirectoryName,
            FileName = settings.AppendFileName,
            Policy = PolicyOf(settings.AppendFsync),
            LoadsTruncated = settings.AofLoadTruncated,
            CorruptTailBytesMax = () => settings.AofLoadCorruptTailBytesMax,
            WritesTimestamps = () => settings.AofTimestampEnabled,
            Time = time,
            Log = log,
            Latency = engine.Server.Latency,
        });
        engine.BeginLoading();
        settings.Parameters.OnChange("appendonly", data.Turn);
        settings.Parameters.OnChange("appendfsync", data.FollowPolicy);
        return data;
    }

    /// <summary>
    /// Loads what is there: the append-only file, which is opened for what is told from then on; or, with <c>appendonly
    /// no</c>, the snapshot.
    /// </summary>
    /// <exception cref="PersistenceException">What is there cannot be loaded, or nothing can be stored there.</exception>
    /// <exception cref="OperationCanceledException">The engine was interrupted: nothing on the disk was touched.</exception>
    public void Load()
    {
        if (_engine.Server.Settings.AppendOnly) LoadFile();
        else LoadSnapshot();
        _engine.EndLoading(_file, _persistence);
    }

    /// <summary>
    /// The doors are shut: what clients have changed after the save for the end, while the server was about to stop, is
    /// saved as well.
    /// </summary>
    public void SaveWhatCameLast()
    {
        if (!_engine.HasSavedForEnd || _engine.Server.Scripting.HasLeftHalf) return;
        _engine.InTurn(() =>
        {
            if (_saves.Figures.Changes > 0) _saves.TrySaveAtEnd();
        });
    }

    /// <summary>Stores everything that was told, durably.</summary>
    /// <exception cref="PersistenceException">It could not be stored.</exception>
    public void Flush() => _file?.FlushNow();

    public void Dispose()
    {
        if (_file is null) return;
        _engine.Attach(null, null);
        _file.Dispose();
    }

    private void LoadFile()
    {
        string snapshotName = _engine.Server.Settings.DbFileName;
        if (SnapshotBase.IsWaiting(_options, snapshotName)) AdoptSnapshot(snapshotName);
        var report = new LoadingReport(_engine.Server.Loading!, _options.Time, _options.Log);
        var turns = new ReplayTurns(_engine);
        using (var replay = new LogReplay(_engine)) AofLoader.Load(_options, replay, NewBaseLoader(turns.Next), report.Hear);
        _file = AppendOnlyFile.Open(_options, _engine.Server.Effects.EndOffset);
        _persistence = NewPersistence(_file);
    }

    private void LoadSnapshot()
    {
        var report = new LoadingReport(_engine.Server.Loading!, _options.Time, _options.Log);
        var turns = new ReplayTurns(_engine);
        _engine.BeginReplay();
        try
        {
            long startedAt = _options.Time.GetTimestamp();
            if (_saves.TryLoad(new RdbLoader(_engine.Server, _options.Log) { KeyLoaded = turns.Next }, report.Hear))
                _options.Log(string.Create(CultureInfo.InvariantCulture,
                    $"DB loaded from disk: {_options.Time.GetElapsedTime(startedAt).TotalSeconds:F3} seconds"));
        }
        finally
        {
            _engine.EndReplay();
        }
    }

    private void AdoptSnapshot(string name)
    {
        try
        {
            SnapshotBase.Adopt(_options, name);
        }
        catch (IOException failure)
        {
            throw new PersistenceException($"Can't make {name} the base of an append-only file: {FileErrors.Reason(failure)}", failure);
        }
    }

    private RdbLoader NewBaseLoader(Action? keyLoaded) => new(_engine.Server, _options.Log) { IsLogBase = true, KeyLoaded = keyLoaded };

    private AofPersistence NewPersistence(AppendOnlyFile file) => new(_engine, file, () => _backup.HoldsRewrites, Reload, _options.Log) { IsTemporary = _isTemporary };

    /// <summary>DEBUG LOADAOF, in its turn.</summary>
    private void Reload()
    {
        ServerContext server = _engine.Server;
        server.IsLoading = true;
        server.Effects.IsRead = false;
        try
        {
            RdbSaves.Empty(server);
            using var replay = new LogReplay(_engine, isInTurn: true);
            AofLoader.Load(_options, replay, NewBaseLoader(keyLoaded: null), progress: null);
        }
        finally
        {
            server.Effects.IsRead = true;
            server.Effects.ForgetDatabase();
            server.IsLoading = false;
            _saves.ForgetChanges();
        }
    }

    /// <summary>CONFIG SET appendonly, in its turn: null, or why it cannot be done.</summary>
    private string? Turn()
    {
        if (_engine.Server.IsLoading) return "The append-only file cannot be turned on or off while the data is loaded.";
        if (_isTemporary) return "A backup is in progress: it must be sealed or aborted first.";
        bool isOn = _file is not null;
        if (_engine.Server.Settings.AppendOnly == isOn) return null;
        return isOn ? TurnOff() : TurnOn();
    }

    /// <summary>The log is kept from here on; what is in memory follows by a rewrite, which begins with the next turn of the cron.</summary>
    private string? TurnOn()
    {
        if (_persistence is { IsRewriting: true })
        {
            _options.Log("The append-only file cannot be turned on before the rewrite that was given up has ended: try again");
            return CannotTurnOn;
        }
        try
        {
            _file = AppendOnlyFile.OpenAnew(_options, _engine.Server.Effects.EndOffset);
        }
        catch (PersistenceException failure)
        {
            _options.Log(failure.Message);
            return CannotTurnOn;
        }
        FollowPolicy();
        _persistence = NewPersistence(_file);
        _engine.AttachInTurn(_file, _persistence);
        return null;
    }

    /// <summary>What was acknowledged is stored first; as in redis-server, everybody waits for the disk meanwhile.</summary>
    private string? TurnOff()
    {
        _engine.EndLogTurn();
        _persistence!.Stop();
        try
        {
            _file!.FlushNow();
        }
        catch (PersistenceException failure)
        {
            _options.Log(failure.Message);
        }
        _engine.AttachInTurn(null, null);
        _file!.Dispose();
        _file = null;
        return null;
    }

    private string? FollowPolicy()
    {
        if (_file is not null) _file.Policy = PolicyOf(_engine.Server.Settings.AppendFsync);
        return null;
    }

    private static FsyncPolicy PolicyOf(AppendFsync choice) => choice switch
    {
        AppendFsync.Always => FsyncPolicy.Always,
        AppendFsync.No => FsyncPolicy.No,
        _ => FsyncPolicy.EverySecond,
    };
}
