using Galley.Store.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Files;

/// <summary>
/// A disk in memory that keeps its promises to the letter and no further. A power cut leaves, decided by a seed:
///
/// - of each file what was flushed, and of the writes and truncations since then any number in order, the last one torn
///   anywhere; or its length with zeros where the data should be; or nothing of them;
/// - of each folder the names that were synced, and each creation, renaming and deletion since then or not, one by one.
///
/// It can refuse calls as a full or broken disk does. A flush that failed forgets what it should have stored and
/// reports success the next time, as Linux does: who flushes the same file again believes a lie.
/// </summary>
internal sealed class SimulatedFiles(int seed) : IFiles
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, Inode> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Inode> _syncedNames = new(StringComparer.Ordinal);
    private readonly List<NameChange> _unsynced = [];
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "/data" };
    private readonly HashSet<string> _syncedFolders = new(StringComparer.Ordinal) { "/data" };
    private long _operations;

    public enum Call
    {
        Create,
        Write,
        Flush,
        Rename,
        Link,
        Delete,
        Truncate,
        SyncFolder,
    }

    /// <summary>Asked before every call that changes something; an exception from it is the disk's answer.</summary>
    public Action<Call, string>? Fault { get; set; }

    /// <summary>Hears of every flush before it begins, and may take its time: other calls go on meanwhile.</summary>
    public Action<string>? BeforeFlush { get; set; }

    /// <summary>The calls that changed something.</summary>
    public long Operations => Volatile.Read(ref _operations);

    /// <summary>The machine stops at this operation: it and all that follow fail.</summary>
    public long PowerFailsAt { get; set; } = long.MaxValue;

    public bool IsOff => Operations >= PowerFailsAt;

    public IFile Create(string path)
    {
        lock (_lock)
        {
            Begin(Call.Create, path);
            DemandFolder(path);
            if (_names.TryGetValue(path, out Inode? inode))
            {
                inode.Truncate(0);
                return new File(this, path, inode);
            }
            inode = new Inode();
            Change(path, inode);
            return new File(this, path, inode);
        }
    }

    public IFile OpenWrite(string path) => OpenRead(path);

    public IFile OpenRead(string path)
    {
        lock (_lock)
        {
            return _names.TryGetValue(path, out Inode? inode)
                ? new File(this, path, inode)
                : throw new FileNotFoundException($"No such file or directory : '{path}'");
        }
    }

    public bool Exists(string path)
    {
        lock (_lock) return _names.ContainsKey(path);
    }

    public bool FolderExists(string path)
    {
        lock (_lock) return _folders.Contains(path);
    }

    public void CreateFolder(string path)
    {
        lock (_lock)
        {
            Begin(Call.Create, path);
            _folders.Add(path);
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock) return [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path))];
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            Begin(Call.Rename, to);
            if (!_names.Remove(from, out Inode? inode)) throw new FileNotFoundException($"No such file or directory : '{from}'");
            _names[to] = inode;
            _unsynced.Add(new NameChange(to, inode, from));
        }
    }

    public void Link(string from, string to)
    {
        lock (_lock)
        {
            Begin(Call.Link, to);
            DemandFolder(to);
            if (_names.ContainsKey(to)) throw new IOException($"File exists : '{to}'");
            if (!_names.TryGetValue(from, out Inode? inode)) throw new FileNotFoundException($"No such file or directory : '{from}'");
            Change(to, inode);
        }
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            Begin(Call.Delete, path);
            Change(path, null);
        }
    }

    public void SyncFolder(string path)
    {
        lock (_lock)
        {
            Begin(Call.SyncFolder, path);
            foreach (NameChange change in _unsynced.Where(change => Path.GetDirectoryName(change.Path) == path).ToList())
            {
                change.ApplyTo(_syncedNames);
                _unsynced.Remove(change);
            }
            foreach (string folder in _folders.Where(folder => Path.GetDirectoryName(folder) == path)) _syncedFolders.Add(folder);
        }
    }

    /// <summary>The disk after the power came back: another one, without faults.</summary>
    public SimulatedFiles PowerCut()
    {
        lock (_lock)
        {
            foreach (NameChange change in _unsynced)
            {
                if (_random.Next(2) == 0) change.ApplyTo(_syncedNames);
            }
            var left = new SimulatedFiles(_random.Next());
            foreach (string folder in _syncedFolders)
            {
                left._folders.Add(folder);
                left._syncedFolders.Add(folder);
            }
            var survivors = new Dictionary<Inode, Inode>();
            foreach ((string path, Inode inode) in _syncedNames)
            {
                if (!left._folders.Contains(Path.GetDirectoryName(path)!)) continue;
                if (!survivors.TryGetValue(inode, out Inode? survivor)) survivors[inode] = survivor = inode.AfterPowerCut(_random);
                left._names[path] = survivor;
                left._syncedNames[path] = survivor;
            }
            return left;
        }
    }

    /// <summary>The disk as another process finds it after a kill: the kernel still has everything.</summary>
    public SimulatedFiles Kill()
    {
        lock (_lock)
        {
            var left = new SimulatedFiles(_random.Next());
            foreach (string folder in _folders)
            {
                left._folders.Add(folder);
                left._syncedFolders.Add(folder);
            }
            foreach ((string path, Inode inode) in _names)
            {
                left._names[path] = left._syncedNames[path] = inode.Whole();
            }
            return left;
        }
    }

    public byte[] Content(string path)
    {
        lock (_lock) return _names[path].Content.ToArray();
    }

    /// <summary>Puts a file there as if it had always been.</summary>
    public void Place(string path, byte[] content)
    {
        lock (_lock)
        {
            string folder = Path.GetDirectoryName(path)!;
            _folders.Add(folder);
            _syncedFolders.Add(folder);
            _names[path] = _syncedNames[path] = new Inode(content);
        }
    }

    private void Begin(Call call, string path)
    {
        if (_operations >= PowerFailsAt) throw new IOException("The power is off");
        Volatile.Write(ref _operations, _operations + 1);
        if (_operations >= PowerFailsAt) throw new IOException("The power is off");
        Fault?.Invoke(call, path);
    }

    private void DemandFolder(string path)
    {
        if (!_folders.Contains(Path.GetDirectoryName(path)!)) throw new DirectoryNotFoundException($"No such file or directory : '{path}'");
    }

    private void Change(string path, Inode? inode)
    {
        if (inode is null) _names.Remove(path);
        else _names[path] = inode;
        _unsynced.Add(new NameChange(path, inode, null));
    }

    /// <summary>A name that was set or removed; a renaming also removes the old name, in the same step.</summary>
    private sealed record NameChange(string Path, Inode? Inode, string? RemovedPath)
    {
        public void ApplyTo(Dictionary<string, Inode> names)
        {
            if (Inode is null) names.Remove(Path);
            else names[Path] = Inode;
            if (RemovedPath is not null) names.Remove(RemovedPath);
        }
    }

    private sealed class File(SimulatedFiles disk, string path, Inode inode) : IFile
    {
        public long Length
        {
            get
            {
                lock (disk._lock) return inode.Content.Length;
            }
        }

        public int Read(Span<byte> buffer, long offset)
        {
            lock (disk._lock)
            {
                ReadOnlySpan<byte> content = inode.Content.Span;
                if (offset >= content.Length) return 0;
                int length = Math.Min(buffer.Length, content.Length - (int)offset);
                content.Slice((int)offset, length).CopyTo(buffer);
                return length;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            lock (disk._lock)
            {
                bool wasOff = disk.IsOff;
                try
                {
                    disk.Begin(Call.Write, path);
                }
                catch (IOException) when (!wasOff)
                {
                    // A full disk, or a power cut, takes a part of the write.
                    inode.Write(bytes[..disk._random.Next(bytes.Length + 1)], (int)offset);
                    throw;
                }
                inode.Write(bytes, (int)offset);
            }
        }

        public void Truncate(long length)
        {
            lock (disk._lock)
            {
                disk.Begin(Call.Truncate, path);
                inode.Truncate((int)length);
            }
        }

        public void Flush()
        {
            disk.BeforeFlush?.Invoke(path);
            lock (disk._lock)
            {
                try
                {
                    disk.Begin(Call.Flush, path);
                }
                catch (IOException) when (!disk.IsOff)
                {
                    inode.LoseUnflushed(disk._random);
                    throw;
                }
                inode.Flush();
            }
        }

        public void Dispose()
        {
        }
    }
}
