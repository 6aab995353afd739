using System.Runtime.CompilerServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>What the items of a partition's wheel stand for: the entries with an item's hash, and when they expire.</summary>
internal readonly struct ExpiryItems(Databases space, Partition partition) : IExpiryItems
{
    /// <summary>The entries of which the item may speak.</summary>
    public ExpiringEntries Find(ulong item)
    {
        var found = new ExpiringEntries(space.Arena);
        HashTable<EntryLayout>.FindByHash(space.Arena, in partition.Table, item, ref found);
        // The table has not all bits of a hash: an item put back by what another's key says would leave its own key behind.
        if (found.Count > 1) found.KeepOnly(space.Hashing, item);
        return found;
    }

    public long DueMs(ulong item)
    {
        ExpiringEntries found = Find(item);
        if (found.Count == 0) return Database.NoExpiry;
        BlockRef block = found.Blocks[0];
        return ExpiryWheel.IsOfFields(item) ? EntryExpiry.OfFields(space.Arena, block) : EntryExpiry.Of(space.Arena, block);
    }
}

/// <summary>Entries of whose hash the table has the same bits, and that expire or have fields that do; two are rare, and more than eight do not happen.</summary>
internal struct ExpiringEntries(Arena arena) : IBlockVisitor
{
    private const int CountMax = 8;

    private readonly Arena _arena = arena;

    public EightBlocks Blocks;

    public int Count;

    public void Visit(BlockRef block)
    {
        bool expires = EntryExpiry.Of(_arena, block) >= 0 || EntryExpiry.OfFields(_arena, block) >= 0;
        if (Count < CountMax && expires) Blocks[Count++] = block;
    }

    /// <summary>Leaves those whose hash is the item's in all its bits.</summary>
    public void KeepOnly(KeyedHash hashing, ulong item)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
            if (ExpiryWheel.IsOf(item, hashing.Of(EntryLayout.KeyOf(_arena, Blocks[i])))) Blocks[kept++] = Blocks[i];
        Count = kept;
    }

    [InlineArray(CountMax)]
    public struct EightBlocks
    {
        private BlockRef _first;
    }
}
