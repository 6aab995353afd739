using System.Runtime.CompilerServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>What the items of a partition's wheel stand for: the entries with an item's hash, and when they expire.</summary>
internal readonly struct ExpiryItems(Databases space, Partition partition) : IExpiryItems
{
    /// <summary>The entries of which the item may speak.</summary>
    public ExpiringEntries Find(ulong hash)
    {
        var found = new ExpiringEntries(space.Arena);
        HashTable<EntryLayout>.FindByHash(space.Arena, in partition.Table, hash, ref found);
        return found;
    }

    public bool IsLive(ulong hash, long fromMs, long toMs)
    {
        ExpiringEntries found = Find(hash);
        for (int i = 0; i < found.Count; i++)
        {
            if (IsWithin(EntryExpiry.Of(space.Arena, found.Blocks[i]), fromMs, toMs)) return true;
            if (IsWithin(EntryExpiry.OfFields(space.Arena, found.Blocks[i]), fromMs, toMs)) return true;
        }
        return false;
    }

    /// <summary>
    /// When the item of a slot that has been met is wanted next, within the times of the slot, or -1. Fields that were due
    /// before, and have not all gone yet, want it too.
    /// </summary>
    public long NextWithin(long expiresAtMs, long fieldsDueMs, long fromMs, long toMs)
    {
        bool wantsKey = expiresAtMs >= fromMs && expiresAtMs < toMs;
        bool wantsFields = IsWithin(fieldsDueMs, fromMs, toMs);
        if (wantsKey && wantsFields) return Math.Min(expiresAtMs, fieldsDueMs);
        return wantsKey ? expiresAtMs : wantsFields ? fieldsDueMs : Database.NoExpiry;
    }

    /// <summary>What is overdue lies in the slot of the wheel's present.</summary>
    private bool IsWithin(long dueMs, long fromMs, long toMs) =>
        dueMs >= 0 && dueMs < toMs && (dueMs >= fromMs || dueMs <= space.Clock.NowMs);
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

    /// <summary>Leaves those whose hash is this one in all its bits.</summary>
    public void KeepOnly(KeyedHash hashing, ulong hash)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
            if (hashing.Of(EntryLayout.KeyOf(_arena, Blocks[i])) == hash) Blocks[kept++] = Blocks[i];
        Count = kept;
    }

    [InlineArray(CountMax)]
    public struct EightBlocks
    {
        private BlockRef _first;
    }
}
