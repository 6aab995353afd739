using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A large list: leaves of packed elements (<see cref="ListLeaf"/>) in a <see cref="CountedTree"/>. Adding and taking at
/// the ends cost O(1) but for a step down the tree; an element in the middle is found, inserted and removed in O(log N)
/// and a walk over a leaf. redis-server's quicklist, whose name it keeps, walks from node to node instead.
/// <para>
/// A leaf that is full splits in the middle, or, where elements are added at its end, stays full beside a new one.
/// Leaves that have become small merge with a neighbour. <c>list-max-listpack-size</c> and <c>list-compress-depth</c>
/// choose what redis-server's nodes hold; here a leaf has 8 KiB and is not compressed.
/// </para>
/// </summary>
internal static class QuickList
{
    /// <summary>A leaf of fewer bytes looks for a neighbour to merge with.</summary>
    private const int SmallBytes = 1500;

    /// <summary>Two leaves may merge that have so many bytes together.</summary>
    private const int MergedBytesMax = 5000;

    /// <summary>Adds an element at one of the ends.</summary>
    public static void Push(Arena arena, ref CountedTreeRoot root, ReadOnlySpan<byte> element, bool atFront)
    {
        if (root.Count == 0)
        {
            CountedTree.Insert(arena, ref root, default, NewLeaf(arena, element), 1, after: true);
            return;
        }
        TreeCursor cursor = atFront ? CountedTree.Seek(arena, in root, 0, out _) : CountedTree.Last(arena, in root);
        if (TryInsertInto(arena, ref root, ref cursor, atFront, element)) return;
        CountedTree.Insert(arena, ref root, in cursor, NewLeaf(arena, element), 1, after: !atFront);
    }

    /// <summary>Adds an element so that it has this position (up to the count).</summary>
    public static void Insert(Arena arena, ref CountedTreeRoot root, long position, ReadOnlySpan<byte> element)
    {
        if (position == 0 || position == root.Count)
        {
            Push(arena, ref root, element, atFront: position == 0);
            return;
        }
        TreeCursor cursor = CountedTree.Seek(arena, in root, position, out int offset);
        int count = ListLeaf.Count(arena, cursor.Leaf);
        bool mayShare = element.Length <= ListLeaf.PackedElementBytesMax && !ListLeaf.IsAlone(arena, cursor.Leaf);
        if (mayShare && TrySplice(arena, ref root, ref cursor, ListPack.Skip(ListLeaf.Pack(arena, cursor.Leaf), 0, offset), element)) return;
        if (offset == 0)
        {
            CountedTree.Insert(arena, ref root, in cursor, NewLeaf(arena, element), 1, after: false);
            return;
        }
        SplitAt(arena, ref root, ref cursor, mayShare && count > 2 ? count / 2 : offset);
        Insert(arena, ref root, position, element);
    }

    /// <summary>Puts another element in the place of the one at this position.</summary>
    public static void Set(Arena arena, ref CountedTreeRoot root, long position, ReadOnlySpan<byte> element)
    {
        TreeCursor cursor = CountedTree.Seek(arena, in root, position, out int offset);
        if (ListLeaf.IsAlone(arena, cursor.Leaf) || element.Length > ListLeaf.PackedElementBytesMax)
        {
            Remove(arena, ref root, position, 1);
            Insert(arena, ref root, position, element);
            return;
        }
        ReadOnlySpan<byte> pack = ListLeaf.Pack(arena, cursor.Leaf);
        int at = ListPack.Skip(pack, 0, offset);
        int removed = ListPack.Next(pack, at) - at;
        BlockRef leaf = ListLeaf.Splice(arena, cursor.Leaf, at, removed, ListPack.SizeOf(element), 0, out Span<byte> changed);
        if (leaf.IsNone)
        {
            Remove(arena, ref root, position, 1);
            Insert(arena, ref root, position, element);
            return;
        }
        ListPack.Write(changed[at..], element);
        if (leaf != cursor.Leaf) CountedTree.Replace(arena, ref root, ref cursor, leaf);
    }

    /// <summary>Takes out so many elements from this position on.</summary>
    public static void Remove(Arena arena, ref CountedTreeRoot root, long position, long count)
    {
        while (count > 0)
        {
            TreeCursor cursor = CountedTree.Seek(arena, in root, position, out int offset);
            int leafCount = ListLeaf.Count(arena, cursor.Leaf);
            int taken = (int)Math.Min(count, leafCount - offset);
            count -= taken;
            if (taken == leafCount)
            {
                CountedTree.Remove(arena, ref root, in cursor, leafCount);
                ListLeaf.Free(arena, cursor.Leaf);
                continue;
            }
            ReadOnlySpan<byte> pack = ListLeaf.Pack(arena, cursor.Leaf);
            int at = ListPack.PositionOf(pack, offset, leafCount);
            int end = taken == leafCount - offset ? pack.Length : ListPack.Skip(pack, at, taken);
            ListLeaf.Splice(arena, cursor.Leaf, at, end - at, 0, -taken, out Span<byte> rest);
            CountedTree.AddCount(arena, ref root, in cursor, -taken);
            if (rest.Length < SmallBytes) TryMerge(arena, ref root, cursor);
        }
    }

    /// <summary>Frees leaves from the end on, about so many elements; true when the list is empty.</summary>
    public static bool Drop(Arena arena, ref CountedTreeRoot root, ref int budget)
    {
        while (root.Count > 0 && budget > 0)
        {
            TreeCursor cursor = CountedTree.Last(arena, in root);
            int count = ListLeaf.Count(arena, cursor.Leaf);
            CountedTree.Remove(arena, ref root, in cursor, count);
            ListLeaf.Free(arena, cursor.Leaf);
            budget -= Math.Max(1, count / 8);
        }
        return root.Count == 0;
    }

    public static CountedTreeRoot Copy(Arena arena, in CountedTreeRoot root)
    {
        var copy = new CountedTreeRoot();
        if (root.Count == 0) return copy;
        TreeCursor cursor = CountedTree.Seek(arena, in root, 0, out _);
        do
        {
            TreeCursor end = copy.Count == 0 ? default : CountedTree.Last(arena, in copy);
            BlockRef leaf = ListLeaf.Copy(arena, cursor.Leaf);
            CountedTree.Insert(arena, ref copy, in end, leaf, ListLeaf.Count(arena, leaf), after: true);
        }
        while (CountedTree.TryNext(arena, ref cursor));
        return copy;
    }

    /// <summary>The bytes of all blocks, leaves by so many of them (0: all).</summary>
    public static long MemoryBytes(Arena arena, in CountedTreeRoot root, int samples)
    {
        if (root.Count == 0) return 0;
        long bytes = 0;
        long met = 0;
        int leaves = 0;
        TreeCursor cursor = CountedTree.Seek(arena, in root, 0, out _);
        do
        {
            bytes += ListLeaf.MemoryBytes(arena, cursor.Leaf);
            met += ListLeaf.Count(arena, cursor.Leaf);
            leaves++;
        }
        while (leaves != samples && CountedTree.TryNext(arena, ref cursor));
        return CountedTree.OwnBytes(arena, in root) + bytes * root.Count / met;
    }

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
        if (element.Length > ListLeaf.PackedElementBytesMax || ListLeaf.IsAlone(arena, cursor.Leaf)) return false;
        return TrySplice(arena, ref root, ref cursor, atFront ? 0 : ListLeaf.Pack(arena, cursor.Leaf).Length, element);
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

    /// <summary>Moves the elements of a leaf to the one before it, or of the one behind it to it, if they fit well.</summary>
    private static void TryMerge(Arena arena, ref CountedTreeRoot root, TreeCursor cursor)
    {
        if (ListLeaf.IsAlone(arena, cursor.Leaf)) return;
        TreeCursor lower = cursor;
        if (CountedTree.TryPrevious(arena, ref lower) && FitTogether(arena, lower.Leaf, cursor.Leaf)) Merge(arena, ref root, lower, cursor);
        else
        {
            TreeCursor upper = cursor;
            if (CountedTree.TryNext(arena, ref upper) && FitTogether(arena, cursor.Leaf, upper.Leaf)) Merge(arena, ref root, cursor, upper);
        }
    }

    private static bool FitTogether(Arena arena, BlockRef lower, BlockRef upper) =>
        !ListLeaf.IsAlone(arena, lower) && !ListLeaf.IsAlone(arena, upper)
        && ListLeaf.Pack(arena, lower).Length + ListLeaf.Pack(arena, upper).Length <= MergedBytesMax;

    private static void Merge(Arena arena, ref CountedTreeRoot root, TreeCursor lower, TreeCursor upper)
    {
        ReadOnlySpan<byte> added = ListLeaf.Pack(arena, upper.Leaf);
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
