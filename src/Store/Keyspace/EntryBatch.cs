using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// Entries that are made and in no table yet, to be added some dozens at a time: what a file brings, in no order of the
/// table's. As <see cref="TableBatch{TLayout}"/>, of entries of any database and partition.
/// </summary>
internal sealed class EntryBatch
{
    private const int Capacity = 64;

    private readonly Waiting[] _entries = new Waiting[Capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>Takes an entry that was made beside its table (<see cref="Key.Beside"/>).</summary>
    public void Add(in Key key) => _entries[Count++] = key.Detached;

    /// <summary>Adds all entries to their tables; false where the key of one is there already: it and those behind it go on waiting.</summary>
    public bool TryFlush()
    {
        for (int i = 0; i < Count; i++) _entries[i].Touch();
        int added = 0;
        while (added < Count && _entries[added].TryAttach()) added++;
        bool isWhole = added == Count;
        _entries.AsSpan(added, Count - added).CopyTo(_entries);
        Count -= added;
        return isWhole;
    }

    /// <summary>The first entry that waits.</summary>
    public Key OpenFirst() => _entries[0].Open();

    /// <summary>Frees the entries that wait.</summary>
    public void Discard()
    {
        for (; Count > 0; Count--)
        {
            Key key = _entries[Count - 1].Open();
            key.Delete();
        }
    }

    /// <summary>An entry that is in no table.</summary>
    internal readonly record struct Waiting(Database Database, Partition Partition, ulong Hash, BlockRef Block)
    {
        private Arena Arena => Database.Space.Arena;

        public void Touch() => HashTable<EntryLayout>.Touch(Arena, in Partition.Table, Hash);

        public bool TryAttach()
        {
            if (!HashTable<EntryLayout>.TryAdd(Arena, ref Partition.Table, Database.Space.Hashing, Hash, Block)) return false;
            Database.Count++;
            Database.Space.SizeLedger.Add(Database.KeptSizes, Block);
            return true;
        }

        public Key Open() => Key.OfDetached(this);
    }
}
