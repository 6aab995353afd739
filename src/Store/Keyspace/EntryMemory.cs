using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <summary>What an entry holds of the arena, and how it is given back.</summary>
internal static class EntryMemory
{
    /// <summary>Bytes of the entry's block and of the large blocks it refers to.</summary>
    public static long Of(Arena arena, BlockRef block)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        long total = arena.SizeOf(block);
        if (shape.Has(EntryFlags.LargeKey)) total += Large(arena, block, shape.KeyOffset).Capacity;
        if (shape.Has(EntryFlags.LargeValue)) total += Large(arena, block, shape.ValueOffset).Capacity;
        return total;
    }

    /// <summary>Releases the large blocks among these parts.</summary>
    public static void ReleaseLarge(Arena arena, BlockRef block, EntryShape shape, EntryFlags parts)
    {
        if ((parts & EntryFlags.LargeKey) != 0) arena.Release(Large(arena, block, shape.KeyOffset).Block);
        if ((parts & EntryFlags.LargeValue) != 0) arena.Release(Large(arena, block, shape.ValueOffset).Block);
    }

    /// <summary>Frees an entry that no table holds any more.</summary>
    public static void Free(Arena arena, BlockRef block)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        ReleaseLarge(arena, block, shape, shape.Flags);
        arena.Free(block);
    }

    private static LargeString Large(Arena arena, BlockRef block, int offset) =>
        LargeString.Read(arena.Span(block, offset + EntryLayout.LargeReference)[offset..]);
}
