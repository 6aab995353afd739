using Galley.Store.Configuration;
using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>The whole keyspace: the numbered databases over one arena, one clock and one secret for the hashes.</summary>
public sealed class Databases : IDisposable
{
    private readonly Database[] _databases;

    /// <param name="count">How many databases there are.</param>
    /// <param name="partitionCount">1, or a power of two, or 16,384 for one a hash slot.</param>
    public Databases(int count, int partitionCount, KeyspaceClock clock, Arena arena, Settings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!System.Numerics.BitOperations.IsPow2(partitionCount) || partitionCount > Slots.Count)
            throw new ArgumentOutOfRangeException(nameof(partitionCount), "partitions must be a power of two up to 16384");
        Clock = clock;
        Settings = settings;
        Arena = arena;
        Huge = new HugeWalks(this);
        Graveyard = new Graveyard(arena, Huge);
        SizeLedger = new SizeLedger(arena);
        ListCompressor = new ListCompressor(settings);
        _databases = new Database[count];
        Weighing = new PrefixWeighing(this);
        for (int i = 0; i < count; i++) _databases[i] = new Database(this, i, partitionCount);
        settings.Parameters.OnChange("keyspace-prefix-separator", BeginPrefixes);
        settings.Parameters.OnChange("keyspace-prefixes-max", BeginPrefixes);
    }

    public int Count => _databases.Length;

    /// <summary>The number of keys of all databases.</summary>
    public long KeyCount
    {
        get
        {
            long total = 0;
            foreach (Database database in _databases) total += database.Count;
            return total;
        }
    }

    public Database this[int id] => _databases[id];

    public KeyspaceClock Clock { get; }

    public Arena Arena { get; }

    /// <summary>The append-only file is being read: what has expired is still there, for the log says when it went.</summary>
    public bool IsLoading { get; set; }

    internal KeyedHash Hashing { get; } = KeyedHash.Create();

    /// <summary>The thresholds of encodings are read from here.</summary>
    internal Settings Settings { get; }

    internal Graveyard Graveyard { get; }

    internal ListCompressor ListCompressor { get; }

    /// <summary>What finds out how many keys of a prefix there are.</summary>
    internal PrefixWeighing Weighing { get; }

    /// <summary>What counts the sizes of keys.</summary>
    internal SizeLedger SizeLedger { get; }

    /// <summary>The walk that is writing the keyspace down at this time, if one is.</summary>
    internal SnapshotWalk? Snapshot { get; set; }

    /// <summary>The collections that it is writing element by element.</summary>
    internal HugeWalks Huge { get; }

    /// <summary>The mark of entries that the present snapshot has, or need not have because they are newer.</summary>
    internal EntryFlags Mark { get; set; }

    /// <summary>A key was made whose event "new" has not been told.</summary>
    internal bool HasNewKey { get; set; }

    /// <summary>Exchanges the content of two databases.</summary>
    internal void Swap(int a, int b)
    {
        if (a == b) return;
        _databases[a].SwapContent(_databases[b]);
        Weighing.BeginAnew();
    }

    /// <summary>What a prefix is has changed: nothing is known of any.</summary>
    private string? BeginPrefixes()
    {
        foreach (Database database in _databases) database.Prefixes.Follow(Settings);
        Weighing.BeginAnew();
        return null;
    }

    public void Dispose() => Arena.Dispose();
}
