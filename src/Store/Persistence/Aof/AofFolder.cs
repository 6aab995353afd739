using System.Globalization;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// The folder of the append-only file and its manifest. The manifest changes in one step, whatever stops the machine:
///
/// <code>
///   1  the new file of the set is flushed, and its name synced with the folder
///   2  temp-appendonly.aof.manifest is written and flushed
///   3  it is renamed to appendonly.aof.manifest     from here on the new manifest counts, for this process
///   4  the folder is synced                         from here on it counts after a power cut: "settled"
/// </code>
///
/// A failure before step 3 changes nothing. Between 3 and 4 either manifest may come back after a power cut, so both
/// have to be loadable, and nothing that only the new one lists may be called durable until <see cref="Settle"/>
/// returns.
/// </summary>
internal sealed class AofFolder
{
    private readonly Lock _lock = new();
    private readonly AofOptions _options;
    private readonly IFiles _files;
    private volatile bool _isSettled = true;
    private volatile bool _isWithheld;

    private AofFolder(AofOptions options, AofManifest manifest)
    {
        _options = options;
        _files = options.Files;
        Manifest = manifest;
    }

    /// <summary>The manifest that counts for this process.</summary>
    public AofManifest Manifest { get; private set; }

    /// <summary>A power cut brings this manifest back, and no older one.</summary>
    public bool IsSettled => _isSettled;

    public string Path => Locate(_options);

    private string ManifestPath => LocateManifest(_options);

    public static string Locate(AofOptions options) => System.IO.Path.Combine(options.Directory, options.FolderName);

    public static string LocateManifest(AofOptions options) =>
        System.IO.Path.Combine(Locate(options), options.FileName + ".manifest");

    /// <summary>Reads the manifest, or gives null where there is none.</summary>
    public static AofManifest? ReadManifest(AofOptions options)
    {
        string path = LocateManifest(options);
        if (!options.Files.Exists(path)) return null;

        using IFile file = options.Files.OpenRead(path);
        // One byte more than allowed is enough to be refused.
        var text = new byte[Math.Min(file.Length, AofManifestText.TextBytesMax + 1)];
        int length = 0;
        while (length < text.Length && file.Read(text.AsSpan(length), length) is > 0 and int read) length += read;
        return AofManifestText.Read(text.AsSpan(0, length), options.FileName + ".manifest");
    }

    /// <summary>
    /// Stops the start where there are files with data and no manifest: nobody knows their order, and a new set would
    /// write over them (redis-server does). A start that was cut short leaves at most empty ones.
    /// </summary>
    public static void DemandNoDataWithoutManifest(AofOptions options)
    {
        string path = Locate(options);
        if (!options.Files.FolderExists(path)) return;
        foreach (string name in options.Files.List(path))
        {
            if (!name.StartsWith(options.FileName + ".", StringComparison.Ordinal)) continue;
            using IFile file = options.Files.OpenRead(System.IO.Path.Combine(path, name));
            if (file.Length == 0) continue;
            throw new PersistenceException(
                $"The AOF file {name} holds data, but {options.FileName}.manifest is missing in {options.FolderName}. "
                + "Bring the manifest back, or move the files away to start empty.");
        }
    }

    /// <summary>Opens the folder, and makes it with an empty base where there is none, as redis-server does.</summary>
    public static AofFolder Open(AofOptions options)
    {
        var folder = new AofFolder(options, ReadManifest(options) ?? AofManifest.Empty);
        folder.CreateFolder();
        folder.DeleteLeftovers();
        if (folder.Manifest.Base is null && folder.Manifest.Increments.IsEmpty) folder.CreateEmptyBase();
        return folder;
    }

    /// <summary>
    /// Opens the folder for a set that begins anew with what is in memory. Until it has a base, its manifest is withheld:
    /// a restart finds what the folder held before, whole, and never half of each.
    /// </summary>
    public static AofFolder OpenAnew(AofOptions options)
    {
        AofFolder before = Open(options);
        return new AofFolder(options, before.Manifest.Supersede()) { _isWithheld = true };
    }

    /// <summary>Makes a folder whose set consists of this base, which is about to be moved there.</summary>
    public static void Adopt(AofOptions options, AofFile oldBase)
    {
        var folder = new AofFolder(options, AofManifest.Empty);
        folder.CreateFolder();
        folder.Publish(manifest => manifest with { Base = oldBase });
        folder.Settle();
    }

    public string PathOf(AofFile file) => System.IO.Path.Combine(Path, file.Name);

    public string PathOfTemporary(string name) => System.IO.Path.Combine(Path, "temp-" + name);

    /// <summary>The name of the next base: of commands, or in RDB form.</summary>
    public AofFile NextBase(bool isRdb = false) => Name(Manifest.NextBaseSequence, "base", AofFileType.Base, isRdb ? "rdb" : "aof");

    public AofFile NextIncrement() => Name(Manifest.NextIncrementSequence, "incr", AofFileType.Incremental);

    /// <summary>
    /// The bytes of a file; 0 if it is gone, which a rewrite can do to whoever only wants to know the size.
    /// </summary>
    public long LengthOf(AofFile file)
    {
        try
        {
            using IFile opened = _files.OpenRead(PathOf(file));
            return opened.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>A new and empty file; never one whose flush may have failed before.</summary>
    public IFile Create(AofFile file)
    {
        string path = PathOf(file);
        if (_files.Exists(path)) _files.Delete(path);
        return _files.Create(path);
    }

    /// <summary>
    /// Replaces the manifest (steps 2 to 4). It throws if nothing changed; a folder that could not be synced is left to
    /// <see cref="Settle"/>. The files that the new manifest lists are flushed and their names synced before.
    /// </summary>
    public void Publish(Func<AofManifest, AofManifest> change)
    {
        lock (_lock)
        {
            AofManifest next = change(Manifest);
            if (_isWithheld && next.Base is null)
            {
                Manifest = next;
                return;
            }
            Store(next);
            // Not before: without its base the new set must not be stored by whoever publishes next.
            _isWithheld = false;
            Manifest = next;
            _isSettled = false;
            try
            {
                _files.SyncFolder(Path);
                _isSettled = true;
            }
            catch (IOException failure)
            {
                _options.Log($"Fail to fsync AOF directory {_options.FolderName}: {FileErrors.Reason(failure)}");
            }
        }
    }

    /// <summary>Returns when a power cut cannot bring back an older manifest; throws as long as it could.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            if (_isSettled) return;
            // What a failed sync left behind is not known: the name is set anew, not only synced again.
            Store(Manifest);
            _files.SyncFolder(Path);
            _isSettled = true;
        }
    }

    public void SyncNames() => _files.SyncFolder(Path);

    /// <summary>
    /// Deletes what a rewrite replaced, and then forgets it; what fails is tried at the next rewrite or start.
    /// </summary>
    public void DeleteHistory()
    {
        AofManifest manifest;
        lock (_lock)
        {
            // After a power cut the older manifest could still ask for these files.
            if (!_isSettled || _isWithheld || Manifest.History.IsEmpty) return;
            manifest = Manifest;
        }

        try
        {
            foreach (AofFile file in manifest.History)
            {
                _options.Log($"Removing the history file {file.Name} in the background");
                if (_files.Exists(PathOf(file))) _files.Delete(PathOf(file));
            }
            Publish(current => current with { History = current.History.RemoveAll(manifest.History.Contains) });
        }
        catch (IOException failure)
        {
            _options.Log($"Error removing history files of the AOF: {FileErrors.Reason(failure)}");
        }
    }

    public void TryDelete(string path)
    {
        try
        {
            if (_files.Exists(path)) _files.Delete(path);
        }
        catch (IOException failure)
        {
            _options.Log($"Error deleting {System.IO.Path.GetFileName(path)}: {FileErrors.Reason(failure)}");
        }
    }

    private AofFile Name(long sequence, string kind, AofFileType type, string form = "aof") =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_options.FileName}.{sequence}.{kind}.{form}"), sequence, type);

    private void Store(AofManifest manifest)
    {
        string temporary = PathOfTemporary(_options.FileName + ".manifest");
        if (_files.Exists(temporary)) _files.Delete(temporary);
        using (IFile file = _files.Create(temporary))
        {
            file.Write(AofManifestText.Write(manifest), 0);
            file.Flush();
        }
        _files.Rename(temporary, ManifestPath);
    }

    private void CreateFolder()
    {
        if (_files.FolderExists(Path)) return;
        _files.CreateFolder(Path);
        _files.SyncFolder(_options.Directory);
    }

    private void CreateEmptyBase()
    {
        AofFile file = NextBase();
        _options.Log($"Creating AOF base file {file.Name} on server start");
        using (IFile created = Create(file)) created.Flush();
        SyncNames();
        Publish(manifest => manifest with { Base = file });
    }

    /// <summary>What a rewrite or a manifest that never came to its end left behind.</summary>
    private void DeleteLeftovers()
    {
        foreach (string name in _files.List(Path))
        {
            if (!name.StartsWith("temp-rewriteaof-", StringComparison.Ordinal)) continue;
            TryDelete(System.IO.Path.Combine(Path, name));
        }
        TryDelete(PathOfTemporary(_options.FileName + ".manifest"));
    }
}
