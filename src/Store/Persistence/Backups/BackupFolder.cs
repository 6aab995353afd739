using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Backups;

/// <summary>The folder of a backup, <c>backupdirname</c> in <c>dir</c>: the files of one append-only set, complete with its manifest.</summary>
/// <param name="options">Those of the set in that folder.</param>
internal sealed class BackupFolder(AofOptions options)
{
    private readonly AofOptions _options = options;
    private readonly IFiles _files = options.Files;
    private readonly List<string> _paths = [];

    /// <summary>Those of the set in that folder.</summary>
    public AofOptions Options => _options;

    /// <summary>The files that are whole, in the order of loading.</summary>
    public IReadOnlyList<string> Paths => [.. _paths];

    private string Path => AofFolder.Locate(_options);

    /// <summary>Makes the folder where there is none; null, or why no backup can begin there.</summary>
    public string? Prepare()
    {
        try
        {
            if (!_files.FolderExists(Path))
            {
                _files.CreateFolder(Path);
                _files.SyncFolder(_options.Directory);
            }
            return _files.List(Path).Count == 0 ? null : $"the backup directory '{_options.FolderName}' is not empty";
        }
        catch (IOException failure)
        {
            return $"the backup directory '{_options.FolderName}' cannot be used: {FileErrors.Reason(failure)}";
        }
    }

    /// <summary>Keeps a file of the running server by a name here; the name lasts when it returns.</summary>
    /// <exception cref="IOException">It may not last.</exception>
    public void Pin(string path, AofFile file)
    {
        string own = System.IO.Path.Combine(Path, file.Name);
        if (path != own) _files.Link(path, own);
        _files.SyncFolder(Path);
    }

    /// <summary>A file was pinned, and may be listed.</summary>
    public void Add(AofFile file) => _paths.Add(System.IO.Path.Combine(Path, file.Name));

    /// <summary>Writes the manifest, of this backup's files alone.</summary>
    /// <exception cref="IOException">It may not last.</exception>
    public void WriteManifest(AofManifest manifest)
    {
        string path = AofFolder.LocateManifest(_options);
        string temporary = System.IO.Path.Combine(Path, $"temp-{_options.FileName}.manifest");
        using (IFile file = _files.Create(temporary))
        {
            file.Write(AofManifestText.Write(manifest), 0);
            file.Flush();
        }
        _files.Rename(temporary, path);
        _files.SyncFolder(Path);
        _paths.Add(path);
    }

    /// <summary>Takes all files of the backup away; null, or why some are there still.</summary>
    public string? Remove()
    {
        _paths.Clear();
        try
        {
            foreach (string name in _files.List(Path))
            {
                bool isOurs = name.StartsWith(_options.FileName + ".", StringComparison.Ordinal) || name.StartsWith("temp-", StringComparison.Ordinal);
                if (isOurs) _files.Delete(System.IO.Path.Combine(Path, name));
            }
            return null;
        }
        catch (IOException failure)
        {
            return FileErrors.Reason(failure);
        }
    }
}
