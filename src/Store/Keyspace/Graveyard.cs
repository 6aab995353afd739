using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// What nobody can reach any more, freed a slice at a time: tables, so that FLUSHALL costs nobody a pause, and the
/// structures of large collections. The latter wait in a chain of blocks of the arena.
/// <code>
///   | next grave 8 | type 1 | root ... |
/// </code>
/// </summary>
internal sealed class Graveyard(Arena arena, HugeWalks huge)
{
    private const int RootOffset = sizeof(ulong) + 1;

    /// <summary>A collection of no more elements is freed at once.</summary>
    private const int AtOnceMax = 256;

    private readonly Arena _arena = arena;
    private readonly Queue<Partition> _buried = new();
    private BlockRef _graves;

    /// <summary>Keys and large collections that wait to be freed (INFO's lazyfree_pending_objects).</summary>
    public long PendingCount { get; private set; }

    /// <summary>Nothing waits to be freed.</summary>
    public bool IsEmpty => _buried.Count == 0 && _graves.IsNone;

    public void Bury(Partition partition)
    {
        PendingCount += partition.Count;
        _buried.Enqueue(partition);
    }

    /// <summary>As the other, of the collection in an entry that goes: what a snapshot is writing is left to it until it has.</summary>
    public void Bury(BlockRef entry, ValueForm form, KeyType type, ReadOnlySpan<byte> root)
    {
        if (form.IsBeingSaved) huge.Adopt(entry, root);
        else Bury(type, root);
    }

    /// <summary>Frees a collection's structure: at once if it is small, else in the turns to come.</summary>
    public void Bury(KeyType type, ReadOnlySpan<byte> root)
    {
        RootedValue kind = RootedValue.Of(type);
        Span<byte> rest = stackalloc byte[RootedValue.RootBytesMax];
        rest = rest[..root.Length];
        root.CopyTo(rest);
        int budget = AtOnceMax;
        if (kind.Count(root) <= AtOnceMax && kind.Drop(_arena, rest, ref budget)) return;

        BlockRef grave = _arena.Allocate(RootOffset + rest.Length);
        Span<byte> bytes = _arena.Span(grave, RootOffset + rest.Length);
        BitConverter.TryWriteBytes(bytes, _graves.Value);
        bytes[sizeof(ulong)] = (byte)type;
        rest.CopyTo(bytes[RootOffset..]);
        _graves = grave;
        PendingCount++;
    }

    /// <summary>Frees about so many entries or elements; true when nothing is left.</summary>
    public bool Dig(int entries)
    {
        var freeing = new Freeing(_arena, this);
        while (entries > 0)
        {
            if (!_graves.IsNone)
            {
                DigFirstGrave(ref entries);
                continue;
            }
            if (!_buried.TryPeek(out Partition? partition)) break;
            DigPartition(partition, ref entries, ref freeing);
        }
        return IsEmpty;
    }

    private void DigFirstGrave(ref int budget)
    {
        BlockRef grave = _graves;
        Span<byte> head = _arena.Span(grave, RootOffset);
        RootedValue kind = RootedValue.Of((KeyType)head[sizeof(ulong)]);
        budget--;
        if (!kind.Drop(_arena, _arena.Span(grave, RootOffset + kind.RootBytes)[RootOffset..], ref budget)) return;
        _graves = new BlockRef(BitConverter.ToUInt64(head));
        _arena.Free(grave);
        PendingCount--;
    }

    private void DigPartition(Partition partition, ref int budget, ref Freeing freeing)
    {
        long before = partition.Count;
        bool gone = HashTable<EntryLayout>.Drop(_arena, ref partition.Table, budget, ref freeing);
        long freed = before - partition.Count;
        PendingCount -= freed;
        budget -= (int)Math.Min(budget, Math.Max(1, freed));
        if (!gone) return;
        partition.Expiry.Free();
        _buried.Dequeue();
    }

    private readonly struct Freeing(Arena arena, Graveyard graveyard) : IBlockVisitor
    {
        public void Visit(BlockRef block) => EntryMemory.Free(arena, block, graveyard);
    }
}
