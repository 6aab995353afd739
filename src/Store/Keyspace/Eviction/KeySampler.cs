using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Eviction;

/// <summary>An entry that a sample has met, and the number of its partition.</summary>
internal readonly record struct SampledEntry(int Partition, BlockRef Block);

/// <summary>
/// Looks at keys at random, in bounded time however few of them may go.
/// <code>
///   any key                   neighbours in the table, from a random one on: a hash is a random place, so neighbours have
///                             nothing in common, and five of them cost one descent
///   a key that expires        the same, passing over the others, where one key in 16 or more expires; else items of the wheel
///   the nearest to expire     items of the wheel's next slot
/// </code>
/// </summary>
internal sealed class KeySampler(Databases space)
{
    /// <summary>Neighbours that are looked at together.</summary>
    private const int GroupMax = 64;

    /// <summary>Where fewer keys than one in so many expire, the wheel finds them sooner than the table.</summary>
    private const int SparseShare = 16;

    /// <summary>Items of the wheel that are met for one wanted: up to two of three may be stale, and a thousand beside.</summary>
    private const int ItemsPerKey = 64;

    /// <summary>Items of the wheel that are looked at, and swept, for the keys that are the nearest to expire.</summary>
    private const int NearItemsMax = 4096;

    /// <summary>Groups that may bring too little, where partitions are small.</summary>
    private const int SpareGroups = 4;

    private readonly Databases _space = space;
    private readonly PartitionPicker?[] _pickers = new PartitionPicker?[space.Count];
    private readonly WheelItems _items = new(space.Arena);
    private readonly Random _random = Random.Shared;

    private Arena Arena => _space.Arena;

    /// <summary>Fills the span with entries that may go, as far as it finds them; returns how many. One may come twice.</summary>
    public int Draw(Database database, EvictionRule rule, Span<SampledEntry> found)
    {
        if (database.Count == 0) return 0;
        PartitionPicker picker = _pickers[database.Id] ??= new PartitionPicker();
        int count = 0;
        for (int tries = found.Length + SpareGroups; count < found.Length && tries > 0; tries--)
        {
            if (picker.Pick(database, rule.IsVolatile, _random) is not { } partition) break;
            int share = ShareOf(database, rule, picker.KeysPerPartition, found.Length);
            count += DrawFrom(partition, rule, found.Slice(count, Math.Min(share, found.Length - count)));
        }
        return count;
    }

    /// <summary>Finds an entry again, if it is still there and may go.</summary>
    public bool TryFind(in Candidate candidate, EvictionRule rule, out BlockRef block)
    {
        block = default;
        return _space[candidate.Database].PartitionAt(candidate.Partition) is { } partition
            && TryFind(partition, candidate.Hash, rule, out block);
    }

    /// <summary>
    /// How many keys of a sample one partition may give. Of those that are the nearest to expire in one partition none may be
    /// the nearest of all: they are taken from several. And where partitions are small one that is not would come too often,
    /// because it alone fills a sample.
    /// </summary>
    private static int ShareOf(Database database, EvictionRule rule, long keysPerPartition, int length)
    {
        if (database.Partitions.Count == 1) return length;
        if (keysPerPartition < GroupMax) return 1;
        return rule.Ranking == Ranking.Expiry ? Math.Max(1, length / database.Partitions.Count) : length;
    }

    private int DrawFrom(Partition partition, EvictionRule rule, Span<SampledEntry> found)
    {
        if (rule.Ranking == Ranking.Expiry) return DrawNearest(partition, rule, found);
        bool isSparse = rule.IsVolatile && partition.Expiry.KeyCount * SparseShare < partition.Count;
        if (!isSparse) return DrawNeighbours(partition, rule, found);
        _items.Follow(partition.Expiry);
        return DrawItems(partition, rule, found);
    }

    private int DrawNeighbours(Partition partition, EvictionRule rule, Span<SampledEntry> found)
    {
        Span<BlockRef> group = stackalloc BlockRef[GroupMax];
        if (!rule.IsVolatile) group = group[..Math.Min(GroupMax, found.Length)];
        group = group[..HashTable<EntryLayout>.DrawNeighbours(Arena, in partition.Table, _random, group)];
        if (rule.IsVolatile) group = group[..KeepAdmitted(rule, group)];
        int count = Math.Min(group.Length, found.Length);
        for (int i = 0; i < count; i++)
        {
            // Who stands behind many that may not go would else come too often.
            if (rule.IsVolatile) Swap(ref group[i], ref group[_random.Next(i, group.Length)]);
            found[i] = new SampledEntry(partition.Index, group[i]);
        }
        return count;
    }

    private int KeepAdmitted(EvictionRule rule, Span<BlockRef> group)
    {
        int count = 0;
        foreach (BlockRef block in group)
            if (rule.Admits(EntryShape.Read(Arena, block))) group[count++] = block;
        return count;
    }

    private static void Swap(ref BlockRef a, ref BlockRef b) => (a, b) = (b, a);

    /// <summary>
    /// Whoever is evicted as the nearest leaves an item behind, and whoever is put off leaves one where it was; a place that
    /// has only such ones would hide those behind it, and is swept.
    /// </summary>
    private int DrawNearest(Partition partition, EvictionRule rule, Span<SampledEntry> found)
    {
        ExpiryWheel wheel = partition.Expiry;
        var items = new ExpiryItems(_space, partition);
        int place = wheel.NextPlace(0);
        for (int left = NearItemsMax; left > 0 && place >= 0;)
        {
            _items.Follow(wheel, place);
            int count = DrawItems(partition, rule, found, wheel.DueBeforeMs(place));
            if (count > 0) return count;
            int swept = wheel.SweepNewest(place, ref items);
            left -= 1 + swept + Math.Min(_items.Count, ItemsPerKey * found.Length);
            place = wheel.NextPlace(swept > 0 ? place : place + 1);
        }
        // All that is near is stale.
        _items.Follow(wheel);
        return DrawItems(partition, rule, found);
    }

    /// <summary>Draws from the items listed: each of them in turn, from a random one on, where they are few.</summary>
    private int DrawItems(Partition partition, EvictionRule rule, Span<SampledEntry> found, long dueBeforeMs = long.MaxValue)
    {
        if (_items.Count == 0) return 0;
        int count = 0;
        int tries = ItemsPerKey * found.Length;
        bool isShort = _items.Count <= tries;
        int first = _random.Next(_items.Count);
        for (int i = 0; count < found.Length && i < Math.Min(tries, _items.Count); i++)
        {
            ulong item = _items[isShort ? (first + i) % _items.Count : _random.Next(_items.Count)];
            if (ExpiryWheel.IsOfFields(item) || !TryFind(partition, item, rule, out BlockRef block)) continue;
            if (!ExpiryWheel.IsBefore(EntryExpiry.Of(Arena, block), dueBeforeMs)) continue;
            found[count++] = new SampledEntry(partition.Index, block);
        }
        if (count == 0) _items.Forget();
        return count;
    }

    private bool TryFind(Partition partition, ulong hash, EvictionRule rule, out BlockRef block)
    {
        var match = new Match(_space, hash, rule);
        HashTable<EntryLayout>.FindByHash(Arena, in partition.Table, hash, ref match);
        block = match.Block;
        return !block.IsNone;
    }

    /// <summary>Of the entries that the table cannot tell apart, the one that has this very hash and may go.</summary>
    private struct Match(Databases space, ulong hash, EvictionRule rule) : IBlockVisitor
    {
        public BlockRef Block { get; private set; }

        public void Visit(BlockRef block)
        {
            if (!Block.IsNone || !rule.Admits(EntryShape.Read(space.Arena, block))) return;
            if (ExpiryWheel.IsOf(hash, space.Hashing.Of(EntryLayout.KeyOf(space.Arena, block)))) Block = block;
        }
    }
}
