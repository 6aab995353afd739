namespace Galley.Store.Keyspace.Eviction;

/// <summary>
/// Picks partitions of one database at random, each as often as it has keys. With many partitions their counts are added up
/// once for many picks: a partition that has grown or shrunk meanwhile is picked a little too seldom or too often.
/// </summary>
internal sealed class PartitionPicker
{
    /// <summary>Of 16,384 partitions the counts are added up in a tenth of a millisecond: a tenth of a microsecond for each pick.</summary>
    private const int PicksMax = 1024;

    /// <summary>Of few keys, an eighth may go before they are counted anew.</summary>
    private const int PicksShare = 8;

    /// <summary>Partitions that may have become empty since, or were exchanged, before all are looked at.</summary>
    private const int MissesMax = 4;

    private Partition[] _partitions = [];
    private long[] _sums = [];
    private int _count;
    private int _picksLeft;
    private bool _isVolatile;
    private long _lookedMs;

    /// <summary>A partition, or null where there are no keys (of those that expire, if only they count).</summary>
    public Partition? Pick(Database database, bool isVolatile, Random random)
    {
        if (database.Partitions.Count == 1) return PickOnly(database.Partitions[0], isVolatile);
        for (int misses = 0; ; misses++)
        {
            if (misses == MissesMax || IsStale(database, isVolatile)) Look(database, isVolatile);
            if (_count == 0) return null;
            _picksLeft--;
            Partition picked = _partitions[IndexOf(random.NextInt64(_sums[_count - 1]))];
            bool isThere = ReferenceEquals(database.PartitionAt(picked.Index), picked);
            if (isThere && CountOf(picked, isVolatile) > 0) return picked;
        }
    }

    /// <summary>Keys in a partition, on average, of those that have any.</summary>
    public long KeysPerPartition { get; private set; }

    private Partition? PickOnly(Partition partition, bool isVolatile)
    {
        KeysPerPartition = CountOf(partition, isVolatile);
        return KeysPerPartition > 0 ? partition : null;
    }

    private static long CountOf(Partition partition, bool isVolatile) => isVolatile ? partition.Expiry.KeyCount : partition.Count;

    /// <summary>Where nothing was found, who asks again in the same millisecond is told the same.</summary>
    private bool IsStale(Database database, bool isVolatile) =>
        isVolatile != _isVolatile || (_count == 0 ? database.Space.Clock.NowMs != _lookedMs : _picksLeft <= 0);

    private void Look(Database database, bool isVolatile)
    {
        IReadOnlyList<Partition> made = database.Partitions;
        if (_sums.Length < made.Count)
        {
            _sums = new long[database.PartitionSlots];
            _partitions = new Partition[database.PartitionSlots];
        }
        long sum = 0;
        _count = 0;
        for (int i = 0; i < made.Count; i++)
        {
            long count = CountOf(made[i], isVolatile);
            if (count == 0) continue;
            _sums[_count] = sum += count;
            _partitions[_count++] = made[i];
        }
        // What was emptied is not to be kept alive from here.
        _partitions.AsSpan(_count).Clear();
        _isVolatile = isVolatile;
        _picksLeft = (int)Math.Min(PicksMax, 1 + (sum / PicksShare));
        KeysPerPartition = _count == 0 ? 0 : sum / _count;
        _lookedMs = database.Space.Clock.NowMs;
    }

    /// <summary>The first partition up to which there are more keys than this.</summary>
    private int IndexOf(long number)
    {
        int low = 0, high = _count - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_sums[middle] > number) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
