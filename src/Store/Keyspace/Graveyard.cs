using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>Tables that nobody can reach any more, freed a slice at a time so that FLUSHALL costs nobody a pause.</summary>
internal sealed class Graveyard(Arena arena)
{
    private readonly Arena _arena = arena;
    private readonly Queue<Partition> _buried = new();

    /// <summary>Keys that wait to be freed (INFO's lazyfree_pending_objects).</summary>
    public long PendingCount { get; private set; }

    public void Bury(Partition partition)
    {
        PendingCount += partition.Count;
        _buried.Enqueue(partition);
    }

    /// <summary>Frees about so many entries; true when nothing is left.</summary>
    public bool Dig(int entries)
    {
        var freeing = new Freeing(_arena);
        while (_buried.TryPeek(out Partition? partition))
        {
            long before = partition.Count;
            bool gone = HashTable<EntryLayout>.Drop(_arena, ref partition.Table, entries, ref freeing);
            PendingCount -= before - partition.Count;
            if (!gone) return false;
            partition.Expiry.Free();
            _buried.Dequeue();
            entries -= (int)Math.Min(entries, before);
            if (entries == 0) break;
        }
        return _buried.Count == 0;
    }

    private readonly struct Freeing(Arena arena) : IBlockVisitor
    {
        public void Visit(BlockRef block) => EntryMemory.Free(arena, block);
    }
}
