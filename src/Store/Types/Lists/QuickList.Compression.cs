using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <content>
/// <c>list-compress-depth</c>. So many leaves at either end are open; those between are compressed, where that gains.
/// <code>
///   depth 1      open | compressed | compressed | compressed | open
///                     low                                    high         positions of elements
/// </code>
/// Nothing relies on it: a list made under another setting, in which any leaf may be either, takes the present one leaf by
/// leaf, as they are changed or come to pass the borders. With a depth of 0 what is opened stays so.
/// </content>
internal static partial class QuickList
{
    /// <summary>Puts an open leaf in the place of the one at the cursor, if that is compressed.</summary>
    private static void Open(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor)
    {
        if (!ListLeaf.IsCompressed(arena, cursor.Leaf)) return;
        Replace(arena, ref root, ref cursor, CompressedLeaf.Open(arena, cursor.Leaf));
    }

    /// <summary>
    /// Leaves came or went about these positions, and may be open: opens those that have come near an end, and compresses
    /// these, or the one at the border of the end to which these are near.
    /// </summary>
    private static void Settle(Arena arena, ref CountedTreeRoot root, long first, long last, ListCompressor compressor)
    {
        if (!TryFindInner(arena, ref root, compressor.Depth, out long low, out long high)) return;
        CompressEach(arena, ref root, Math.Clamp(first, low, high - 1), Math.Clamp(last, low, high - 1), compressor);
    }

    /// <summary>The leaves at these positions were changed, and may be open: compresses those of them that are far from the ends.</summary>
    private static void SettleInside(Arena arena, ref CountedTreeRoot root, long first, long last, ListCompressor compressor)
    {
        if (!TryFindInner(arena, ref root, compressor.Depth, out long low, out long high)) return;
        if (last >= low && first < high) CompressEach(arena, ref root, Math.Max(first, low), Math.Min(last, high - 1), compressor);
    }

    /// <summary>Opens the leaves near the ends, and tells which positions are in others; false where none is.</summary>
    private static bool TryFindInner(Arena arena, ref CountedTreeRoot root, int depth, out long low, out long high)
    {
        (low, high) = (0, root.Count);
        if (depth == 0 || low == high) return false;
        TreeCursor front = CountedTree.Seek(arena, in root, 0, out _), back = CountedTree.Last(arena, in root);
        while (true)
        {
            Open(arena, ref root, ref front);
            low += ListLeaf.Count(arena, front.Leaf);
            if (low == high) return false;
            Open(arena, ref root, ref back);
            high -= ListLeaf.Count(arena, back.Leaf);
            if (low == high) return false;
            if (--depth == 0) return true;
            CountedTree.TryNext(arena, ref front);
            CountedTree.TryPrevious(arena, ref back);
        }
    }

    private static void CompressEach(Arena arena, ref CountedTreeRoot root, long first, long last, ListCompressor compressor)
    {
        TreeCursor cursor = CountedTree.Seek(arena, in root, first, out int offset);
        long next = first - offset;
        do
        {
            next += ListLeaf.Count(arena, cursor.Leaf);
            if (ListLeaf.IsCompressed(arena, cursor.Leaf)) continue;
            BlockRef compressed = compressor.Compress(arena, cursor.Leaf);
            if (!compressed.IsNone) Replace(arena, ref root, ref cursor, compressed);
        }
        while (next <= last && CountedTree.TryNext(arena, ref cursor));
    }

    private static void Replace(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, BlockRef leaf)
    {
        BlockRef replaced = cursor.Leaf;
        CountedTree.Replace(arena, ref root, ref cursor, leaf);
        ListLeaf.FreeReplaced(arena, replaced);
    }
}
