using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence;

/// <summary>
/// The data of one server on disk: loads what is there into the engine, then stores what the engine tells. Made before
/// any door opens, and closed after the last one.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly GalleyEngine _engine;
    private readonly AppendOnlyFile? _file;

    private DataFolder(GalleyEngine engine, AppendOnlyFile? file)
    {
        _engine = engine;
        _file = file;
    }

    /// <summary>Opens the folder that the settings name; with <c>appendonly no</c> nothing is loaded or stored.</summary>
    /// <param name="log">Takes lines for the server's log, on any thread.</param>
    /// <exception cref="PersistenceException">What is there cannot be loaded, or nothing can be stored there.</exception>
    public static DataFolder Open(GalleyEngine engine, Action<string> log, TimeProvider time, IFiles? files = null)
    {
        Settings settings = engine.Server.Settings;
        if (!settings.AppendOnly)
        {
            settings.Parameters.OnChange("appendonly", static () => "appendonly cannot be turned on while Galley runs yet: restart with appendonly yes");
            return new DataFolder(engine, null);
        }
        var options = new AofOptions
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
        };
        AofLoader.DemandNoSnapshotAlone(options, settings.DbFileName);
        using (var replay = new LogReplay(engine)) AofLoader.Load(options, replay);
        AppendOnlyFile file = AppendOnlyFile.Open(options, engine.Server.Effects.EndOffset);
        engine.Attach(file, new AofPersistence(engine, file));
        settings.Parameters.OnChange("appendonly", static () => "appendonly cannot be turned off while Galley runs yet: restart with appendonly no");
        settings.Parameters.OnChange("appendfsync", () =>
        {
            file.Policy = PolicyOf(settings.AppendFsync);
            return null;
        });
        return new DataFolder(engine, file);
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

    private static FsyncPolicy PolicyOf(AppendFsync choice) => choice switch
    {
        AppendFsync.Always => FsyncPolicy.Always,
        AppendFsync.No => FsyncPolicy.No,
        _ => FsyncPolicy.EverySecond,
    };
}
