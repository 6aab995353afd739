namespace Galley.Store.Keyspace;

/// <summary>Who WATCHes which key: a side table, so that a key that nobody watches pays nothing.</summary>
public sealed class Watches
{
    private readonly Dictionary<byte[], List<IWatcher>>[] _byDatabase;
    private readonly Dictionary<byte[], List<IWatcher>>.AlternateLookup<ReadOnlySpan<byte>>[] _lookups;
    private int _watchCount;

    public Watches(int databaseCount)
    {
        _byDatabase = new Dictionary<byte[], List<IWatcher>>[databaseCount];
        _lookups = new Dictionary<byte[], List<IWatcher>>.AlternateLookup<ReadOnlySpan<byte>>[databaseCount];
        for (int i = 0; i < databaseCount; i++)
        {
            _byDatabase[i] = new Dictionary<byte[], List<IWatcher>>(BytesComparer.Instance);
            _lookups[i] = _byDatabase[i].GetAlternateLookup<ReadOnlySpan<byte>>();
        }
    }

    /// <summary>Keys that somebody watches.</summary>
    public int KeyCount
    {
        get
        {
            int total = 0;
            foreach (Dictionary<byte[], List<IWatcher>> watched in _byDatabase) total += watched.Count;
            return total;
        }
    }

    public void Add(int database, byte[] key, IWatcher watcher)
    {
        if (!_byDatabase[database].TryGetValue(key, out List<IWatcher>? watchers))
            _byDatabase[database][key] = watchers = [];
        if (watchers.Contains(watcher)) return;
        watchers.Add(watcher);
        _watchCount++;
    }

    public void Remove(int database, byte[] key, IWatcher watcher)
    {
        if (!_byDatabase[database].TryGetValue(key, out List<IWatcher>? watchers) || !watchers.Remove(watcher)) return;
        _watchCount--;
        if (watchers.Count == 0) _byDatabase[database].Remove(key);
    }

    /// <summary>The key has changed.</summary>
    public void Touch(int database, ReadOnlySpan<byte> key)
    {
        if (_watchCount == 0) return;
        if (!_lookups[database].TryGetValue(key, out List<IWatcher>? watchers)) return;
        foreach (IWatcher watcher in watchers) watcher.Touched();
    }

    /// <summary>Everything in the database may have changed (FLUSHDB, SWAPDB): touches the watched keys that this accepts.</summary>
    public void TouchAll(int database, Func<byte[], bool> changed)
    {
        foreach ((byte[] key, List<IWatcher> watchers) in _byDatabase[database])
        {
            if (!changed(key)) continue;
            foreach (IWatcher watcher in watchers) watcher.Touched();
        }
    }
}

/// <summary>A session that watches keys.</summary>
public interface IWatcher
{
    /// <summary>A key that it watches has changed.</summary>
    void Touched();
}
