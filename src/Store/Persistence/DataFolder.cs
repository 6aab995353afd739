using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence;

/// <summary>
/// The data of one server on disk: loads what is there into the engine, then stores what the engine tells. Made before
/// any door opens, and closed after the last one. CONFIG SET appendonly turns storing on and off in between.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const string CannotTurnOn = "Unable to turn on AOF. Check server logs.";

    private readonly GalleyEngine _engine;
    private readonly AofOptions _options;
    private AppendOnlyFile? _file;
    private AofPersistence? _persistence;

    private DataFolder(GalleyEngine engine, AofOptions options)
    {
        _engine = engine;
        _options = options;
    }

    /// <summary>Opens the folder that the settings name; with <c>appendonly no</c> nothing is loaded or stored.</summary>
    /// <param name="log">Takes lines for the server's log, on any thread.</param>
    /// <exception cref="PersistenceException">What is there cannot be loaded, or nothing can be stored there.</exception>
    public static DataFolder Open(GalleyEngine engine, Action<string> log, TimeProvider time, IFiles? files = null)
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
            Time = time,
            Log = log,
            Latency = engine.Server.Latency,
        });
        if (settings.AppendOnly) data.Load(settings.DbFileName);
        settings.Parameters.OnChange("appendonly", data.Turn);
        settings.Parameters.OnChange("appendfsync", data.FollowPolicy);
        return data;
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

    private void Load(string snapshotName)
    {
        AofLoader.DemandNoSnapshotAlone(_options, snapshotName);
        using (var replay = new LogReplay(_engine)) AofLoader.Load(_options, replay);
        _file = AppendOnlyFile.Open(_options, _engine.Server.Effects.EndOffset);
        _persistence = new AofPersistence(_engine, _file);
        _engine.Attach(_file, _persistence);
    }

    /// <summary>CONFIG SET appendonly, in its turn: null, or why it cannot be done.</summary>
    private string? Turn()
    {
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
        _persistence = new AofPersistence(_engine, _file);
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
