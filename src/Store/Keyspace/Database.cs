using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// One numbered database: an array of partitions, each made with its first key. A key's partition follows from its hash
/// slot where there are 16,384, and from the low bits of its hash otherwise (the table uses the high ones).
/// </summary>
public sealed class Database
{
    /// <summary>The expiry of a key that has none.</summary>
    public const long NoExpiry = -1;

    private Partition?[] _partitions;
    private List<Partition> _made = [];

    internal Database(Databases space, int id, int partitionCount)
    {
        Space = space;
        Prefixes = new PrefixTable(space.Settings);
        Id = id;
        _partitions = new Partition?[partitionCount];
    }

    public int Id { get; }

    /// <summary>The number of keys, those included whose time has passed and which nobody has met yet.</summary>
    public long Count { get; internal set; }

    /// <summary>The number of keys that expire.</summary>
    public long ExpiringCount
    {
        get
        {
            long total = 0;
            foreach (Partition partition in _made) total += partition.Expiry.KeyCount;
            return total;
        }
    }

    /// <summary>The number of hashes of which some field expires.</summary>
    public long ExpiringHashCount
    {
        get
        {
            long total = 0;
            foreach (Partition partition in _made) total += partition.Expiry.HashCount;
            return total;
        }
    }

    /// <summary>Milliseconds that the keys that expire have left on average; 0 where there are none.</summary>
    public long AverageTimeToLiveMs
    {
        get
        {
            Int128 sumMs = 0;
            foreach (Partition partition in _made) sumMs += partition.Expiry.ExpiriesSumMs;
            long count = ExpiringCount;
            return count == 0 ? 0 : Math.Max(0, (long)(sumMs / count) - Space.Clock.NowMs);
        }
    }

    /// <summary>Bytes of the tables that find the keys.</summary>
    public long TableBytes
    {
        get
        {
            long total = 0;
            foreach (Partition partition in _made) total += HashTable<EntryLayout>.OwnBytes(Space.Arena, in partition.Table);
            return total;
        }
    }

    /// <summary>Bytes of the index of what expires.</summary>
    public long ExpiryBytes
    {
        get
        {
            long total = 0;
            foreach (Partition partition in _made) total += partition.Expiry.Bytes;
            return total;
        }
    }

    internal Databases Space { get; }

    /// <summary>How many keys have values of which size, up to the last change.</summary>
    internal KeySizes Sizes
    {
        get
        {
            Space.SizeLedger.Settle();
            return KeptSizes;
        }
    }

    /// <summary>The same, to be kept; the last change may be missing.</summary>
    internal KeySizes KeptSizes { get; private set; } = new();

    /// <summary>What is known of its keys by their prefix.</summary>
    internal PrefixTable Prefixes { get; private set; }

    /// <summary>The partitions that were made, each with its first key.</summary>
    internal IReadOnlyList<Partition> Partitions => _made;

    /// <summary>The partition of this number, or null.</summary>
    internal Partition? PartitionAt(int index) => _partitions[index];

    internal int PartitionSlots => _partitions.Length;

    /// <summary>Opens a key as it is, expired or not.</summary>
    internal Key Open(ReadOnlySpan<byte> name) => new(this, name);

    internal Partition? PartitionOf(ReadOnlySpan<byte> name, ulong hash) => _partitions[IndexOf(name, hash)];

    internal Partition CreatePartition(ReadOnlySpan<byte> name, ulong hash)
    {
        int index = IndexOf(name, hash);
        var partition = new Partition(index, Space.Arena);
        _partitions[index] = partition;
        _made.Add(partition);
        return partition;
    }

    internal int IndexOf(ReadOnlySpan<byte> name, ulong hash) => _partitions.Length switch
    {
        1 => 0,
        Slots.Count => Slots.Of(name),
        int count => (int)(hash & (uint)(count - 1)),
    };

    /// <summary>Takes all keys away; the graveyard frees them in turns.</summary>
    internal void Clear()
    {
        foreach (Partition partition in _made)
        {
            bool claimed = Space.Snapshot?.Claims(partition) ?? false;
            if (!claimed) Space.Graveyard.Bury(partition);
            _partitions[partition.Index] = null;
        }
        _made.Clear();
        Count = 0;
        Sizes.Clear();
        Prefixes.ForgetKeys();
    }

    internal void SwapContent(Database other)
    {
        (_partitions, other._partitions) = (other._partitions, _partitions);
        (_made, other._made) = (other._made, _made);
        (Count, other.Count) = (other.Count, Count);
        (KeptSizes, other.KeptSizes) = (other.KeptSizes, KeptSizes);
        (Prefixes, other.Prefixes) = (other.Prefixes, Prefixes);
    }
}
