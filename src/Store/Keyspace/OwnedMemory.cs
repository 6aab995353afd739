using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// What the databases hold of the arena, counted anew from their tables on: every entry with all that it refers to, what finds
/// the entries, and the index of what expires. A large block that several keys share (COPY) is counted once.
/// </summary>
internal readonly record struct OwnedMemory(long EntryBytes, long TableBytes, long ExpiryBytes)
{
    public long Total => EntryBytes + TableBytes + ExpiryBytes;

    /// <summary>Looks at every block of every key: for tests and DEBUG.</summary>
    public static OwnedMemory Of(Databases space)
    {
        Arena arena = space.Arena;
        var entries = new Entries(arena);
        long tables = 0, expiries = 0;
        for (int id = 0; id < space.Count; id++)
        {
            foreach (Partition partition in space[id].Partitions)
            {
                ulong cursor = 0;
                do cursor = HashTable<EntryLayout>.Scan(arena, in partition.Table, cursor, int.MaxValue, ref entries);
                while (cursor != 0);
                tables += HashTable<EntryLayout>.OwnBytes(arena, in partition.Table);
                expiries += partition.Expiry.CountBytes();
            }
        }
        return new OwnedMemory(entries.Bytes, tables, expiries);
    }

    private struct Entries(Arena arena) : IBlockVisitor
    {
        private readonly HashSet<BlockRef> _shared = [];

        public long Bytes;

        public void Visit(BlockRef block)
        {
            Bytes += EntryMemory.Of(arena, block);
            BlockRef large = EntryMemory.LargeValueOf(arena, block);
            if (!large.IsNone && arena.ShareCount(large) > 1 && !_shared.Add(large)) Bytes -= arena.SizeOf(large);
        }
    }
}
