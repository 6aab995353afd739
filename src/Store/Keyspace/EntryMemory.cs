using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;

namespace Galley.Store.Keyspace;

/// <summary>What an entry holds of the arena, and how it is given back.</summary>
internal static class EntryMemory
{
    /// <summary>Bytes of the entry's block and of all that it refers to.</summary>
    /// <param name="samples">Elements of a large collection to look at; 0 for all of them.</param>
    public static long Of(Arena arena, BlockRef block, int samples = 0)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        long total = arena.SizeOf(block);
        if (shape.Has(EntryFlags.LargeKey)) total += arena.SizeOf(Large(arena, block, shape.KeyOffset).Block);
        if (shape.Has(EntryFlags.LargeValue)) total += arena.SizeOf(Large(arena, block, shape.ValueOffset).Block);
        else if (TryRoot(arena, block, shape, out ReadOnlySpan<byte> root))
            total += RootedValue.Of(shape.Type).MemoryBytes(arena, root, samples);
        return total;
    }

    /// <summary>Bytes of a string that lies in a large block; of one that was released, too.</summary>
    public static int LargeValueLength(Arena arena, BlockRef block, EntryShape shape) => Large(arena, block, shape.ValueOffset).Length;

    /// <summary>The large block of a string that has one, or none.</summary>
    public static BlockRef LargeValueOf(Arena arena, BlockRef block)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        return shape.Has(EntryFlags.LargeValue) ? Large(arena, block, shape.ValueOffset).Block : BlockRef.None;
    }

    /// <summary>Releases what these parts refer to: large blocks, and the structure of a collection.</summary>
    public static void Release(Arena arena, BlockRef block, EntryShape shape, EntryFlags parts, Graveyard graveyard)
    {
        EntryFlags present = shape.Flags & parts;
        if ((present & EntryFlags.LargeKey) != 0) arena.Release(Large(arena, block, shape.KeyOffset).Block);
        if ((present & EntryFlags.LargeValue) != 0) arena.Release(Large(arena, block, shape.ValueOffset).Block);
        else if ((parts & EntryFlags.LargeValue) != 0 && TryRoot(arena, block, shape, out ReadOnlySpan<byte> root))
            graveyard.Bury(block, new ValueForm(shape.ValueIn(arena, block)[0]), shape.Type, root);
    }

    /// <summary>The form of a collection, and what lies in the entry behind it.</summary>
    public static Span<byte> ValueBytes(Arena arena, BlockRef block)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        return arena.Span(block, shape.TotalBytes)[shape.ValueOffset..];
    }

    /// <summary>Frees an entry that no table holds any more.</summary>
    public static void Free(Arena arena, BlockRef block, Graveyard graveyard)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        Release(arena, block, shape, EntryFlags.LargeKey | EntryFlags.LargeValue, graveyard);
        arena.Free(block);
    }

    /// <summary>The value is a collection with a root.</summary>
    private static bool TryRoot(Arena arena, BlockRef block, EntryShape shape, out ReadOnlySpan<byte> root)
    {
        root = default;
        if (shape.Type == KeyType.String) return false;
        ReadOnlySpan<byte> value = shape.ValueIn(arena, block);
        if (!new ValueForm(value[0]).IsRooted) return false;
        root = value[ValueForm.RootedHeader..];
        return true;
    }

    private static LargeString Large(Arena arena, BlockRef block, int offset) =>
        LargeString.Read(arena.Span(block, offset + EntryLayout.LargeReference)[offset..]);
}
