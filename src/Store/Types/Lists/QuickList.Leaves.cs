using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <content>The steps of which changes consist: one leaf, or two.</content>
internal static partial class QuickList
{
    /// <summary>Two leaves may merge that have so many bytes together.</summary>
    private const int MergedBytesMax = 5000;

    /// <summary>What redis-server lets a node have, its listpack's frame included.</summary>
    private const int NodeBytesMax = 8 * 1024;

    /// <summary>What it adds to the length of an element when it asks whether a node has room for it.</summary>
    private const int NodeElementOverhead = 8;

    private static BlockRef NewLeaf(Arena arena, ReadOnlySpan<byte> element)
    {
        if (element.Length > ListLeaf.PackedElementBytesMax) return ListLeaf.MakeAlone(arena, element);
        BlockRef leaf = ListLeaf.Make(arena, default, 0);
        leaf = ListLeaf.Splice(arena, leaf, 0, 0, ListPack.SizeOf(element), 1, out Span<byte> pack);
        ListPack.Write(pack, element);
        return leaf;
    }

    private static bool TryInsertInto(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, bool atFront, ReadOnlySpan<byte> element)
    {
        if (element.Length > ListLeaf.PackedElementBytesMax) return false;
        if (!ListLeaf.IsPacked(arena, cursor.Leaf))
        {
            if (ListLeaf.IsAlone(arena, cursor.Leaf)) return false;
            Open(arena, ref root, ref cursor);
        }
        int length = ListLeaf.Pack(arena, cursor.Leaf).Length;
        return ListPackFrame.Bytes + length + element.Length + NodeElementOverhead <= NodeBytesMax
            && TrySplice(arena, ref root, ref cursor, atFront ? 0 : length, element);
    }

    private static bool TrySplice(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, int at, ReadOnlySpan<byte> element)
    {
        BlockRef leaf = ListLeaf.Splice(arena, cursor.Leaf, at, 0, ListPack.SizeOf(element), 1, out Span<byte> pack);
        if (leaf.IsNone) return false;
        ListPack.Write(pack[at..], element);
        if (leaf != cursor.Leaf) CountedTree.Replace(arena, ref root, ref cursor, leaf);
        CountedTree.AddCount(arena, ref root, in cursor, 1);
        return true;
    }

    /// <summary>Moves the elements from this number of a leaf on to a leaf of their own behind it.</summary>
    private static void SplitAt(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, int offset)
    {
        ReadOnlySpan<byte> pack = ListLeaf.Pack(arena, cursor.Leaf);
        int moved = ListLeaf.Count(arena, cursor.Leaf) - offset;
        int at = ListPack.Skip(pack, 0, offset);
        BlockRef upper = ListLeaf.Make(arena, pack[at..], moved);
        ListLeaf.Splice(arena, cursor.Leaf, at, pack.Length - at, 0, -moved, out _);
        CountedTree.AddCount(arena, ref root, in cursor, -moved);
        CountedTree.Insert(arena, ref root, in cursor, upper, moved, after: true);
    }

    private static void RemoveLeaf(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor)
    {
        CountedTree.Remove(arena, ref root, in cursor, ListLeaf.Count(arena, cursor.Leaf));
        ListLeaf.Free(arena, cursor.Leaf);
    }

    /// <summary>Takes some elements, but not all, out of the leaf that begins at this position; returns the bytes that are left.</summary>
    private static int RemoveInLeaf(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor, long start, ReadOnlySpan<long> positions)
    {
        ReadOnlySpan<byte> pack = ListLeaf.Pack(arena, cursor.Leaf);
        int index = (int)(positions[0] - start);
        int at = ListPack.PositionOf(pack, index, ListLeaf.Count(arena, cursor.Leaf));
        foreach (long position in positions)
        {
            for (; index > position - start; index--) at = ListPack.Previous(pack, at);
            ListLeaf.Splice(arena, cursor.Leaf, at, ListPack.Next(pack, at) - at, 0, -1, out Span<byte> rest);
            pack = rest;
        }
        CountedTree.AddCount(arena, ref root, in cursor, -positions.Length);
        return pack.Length;
    }

    /// <summary>Moves the elements of a leaf to the one before it, or of the one behind it to it, if they fit well.</summary>
    private static bool TryMerge(Arena arena, ref CountedTreeRoot root, TreeCursor cursor)
    {
        TreeCursor lower = cursor, upper = cursor;
        if (CountedTree.TryPrevious(arena, ref lower) && FitTogether(arena, lower.Leaf, cursor.Leaf)) upper = cursor;
        else if (CountedTree.TryNext(arena, ref upper) && FitTogether(arena, cursor.Leaf, upper.Leaf)) lower = cursor;
        else return false;
        Merge(arena, ref root, lower, upper);
        return true;
    }

    private static bool FitTogether(Arena arena, BlockRef lower, BlockRef upper) =>
        !ListLeaf.IsAlone(arena, lower) && !ListLeaf.IsAlone(arena, upper)
        && ListLeaf.PackBytes(arena, lower) + ListLeaf.PackBytes(arena, upper) <= MergedBytesMax;

    private static void Merge(Arena arena, ref CountedTreeRoot root, TreeCursor lower, TreeCursor upper)
    {
        Open(arena, ref root, ref lower);
        ReadOnlySpan<byte> added = ListLeaf.Read(arena, upper.Leaf);
        int count = ListLeaf.Count(arena, upper.Leaf);
        int at = ListLeaf.Pack(arena, lower.Leaf).Length;
        BlockRef merged = ListLeaf.Splice(arena, lower.Leaf, at, 0, added.Length, count, out Span<byte> pack);
        added.CopyTo(pack[at..]);
        if (merged != lower.Leaf) CountedTree.Replace(arena, ref root, ref lower, merged);
        CountedTree.AddCount(arena, ref root, in lower, count);
        CountedTree.Remove(arena, ref root, in upper, count);
        ListLeaf.Free(arena, upper.Leaf);
    }
}
