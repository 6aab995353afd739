using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// Walks over all keys of all databases, a few at a time, again and again while something changes, and adds up their
/// number and their bytes by prefix. So nothing is counted when a key is written: what large collections take is not known
/// then, and a walk of which a share of time is given costs what it was given.
/// </summary>
internal sealed class PrefixWeighing(Databases space)
{
    /// <summary>Elements of a large collection that are weighed, as by MEMORY USAGE.</summary>
    private const int Samples = 5;

    private readonly Databases _space = space;

    /// <summary>What the number of changes was when the last walk began.</summary>
    private long _changesThen = -1;

    private bool _isUnderWay;
    private int _database;
    private int _partition;
    private ulong _place;

    /// <summary>Goes on by about so many keys; true when there is nothing more to do.</summary>
    /// <param name="changes">A number that grows when something changes: without, no walk begins.</param>
    public bool Step(int keys, long changes)
    {
        if (!_isUnderWay)
        {
            if (changes == _changesThen) return true;
            _changesThen = changes;
            _isUnderWay = true;
            BeginDatabase(0);
        }
        while (keys > 0 && _isUnderWay) StepPartition(ref keys);
        return !_isUnderWay;
    }

    /// <summary>What the walk has met so far is of no use any more.</summary>
    public void BeginAnew()
    {
        _isUnderWay = false;
        _changesThen = -1;
    }

    /// <summary>Weighs a whole database now.</summary>
    public void WeighAll(Database database)
    {
        if (!database.Prefixes.IsOn) return;
        database.Prefixes.BeginWeighing();
        for (int i = 0; i < database.Partitions.Count; i++)
        {
            var weighing = new Weighing(_space.Arena, database.Prefixes);
            HashTable<EntryLayout>.Scan(_space.Arena, in database.Partitions[i].Table, 0, int.MaxValue, ref weighing);
        }
        database.Prefixes.EndWeighing(_space.Clock.NowMs);
        if (_isUnderWay && database.Id == _database) BeginDatabase(_database + 1);
    }

    private void StepPartition(ref int keys)
    {
        Database database = _space[_database];
        if (_partition >= database.Partitions.Count || !database.Prefixes.IsOn)
        {
            if (database.Prefixes.IsOn) database.Prefixes.EndWeighing(_space.Clock.NowMs);
            BeginDatabase(_database + 1);
            keys--;
            return;
        }
        var weighing = new Weighing(_space.Arena, database.Prefixes);
        _place = HashTable<EntryLayout>.Scan(_space.Arena, in database.Partitions[_partition].Table, _place, keys, ref weighing);
        if (_place == 0) _partition++;
        keys -= Math.Max(1, weighing.Met);
    }

    private void BeginDatabase(int database)
    {
        _isUnderWay = database < _space.Count;
        if (!_isUnderWay) return;
        _database = database;
        _partition = 0;
        _place = 0;
        _space[database].Prefixes.BeginWeighing();
    }

    private struct Weighing(Arena arena, PrefixTable prefixes) : IBlockVisitor
    {
        public int Met;

        public void Visit(BlockRef block)
        {
            Met++;
            prefixes.Weigh(EntryLayout.KeyOf(arena, block), EntryMemory.Of(arena, block, Samples) + sizeof(ulong));
        }
    }
}
