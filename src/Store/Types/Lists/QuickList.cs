using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A large list: leaves of packed elements (<see cref="ListLeaf"/>) in a <see cref="CountedTree"/>. Adding and taking at
/// the ends cost O(1) but for a step down the tree; an element in the middle is found, inserted and removed in O(log N)
/// and a walk over a leaf. redis-server's quicklist, whose name it keeps, walks from node to node instead.
/// <para>
/// A leaf that is full splits in the middle, or, where elements are added at its end, stays full beside a new one.
/// Leaves that have become small merge with a neighbour. <c>list-max-listpack-size</c> chooses what redis-server's nodes
/// hold; here a leaf has 8 KiB, and elements added at an end fill it as far as they would a node of that size.
/// </para>
/// <para>
/// With <c>list-compress-depth</c> the leaves further from both ends are compressed. Reading expands one beside the list;
/// whatever changes one opens it, and compresses it again when the change is made (QuickList.Compression.cs).
/// </para>
/// </summary>
internal static partial class QuickList
{
    /// <summary>A leaf of fewer bytes looks for a neighbour to merge with.</summary>
    private const int SmallBytes = 1500;

    /// <summary>Adds an element at one of the ends.</summary>
    public static void Push(Arena arena, ref CountedTreeRoot root, ReadOnlySpan<byte> element, bool atFront, ListCompressor compressor)
    {
        if (root.Count == 0)
        {
            CountedTree.Insert(arena, ref root, default, NewLeaf(arena, element), 1, after: true);
            return;
        }
        TreeCursor cursor = atFront ? CountedTree.Seek(arena, in root, 0, out _) : CountedTree.Last(arena, in root);
        if (TryInsertInto(arena, ref root, ref cursor, atFront, element)) return;
        CountedTree.Insert(arena, ref root, in cursor, NewLeaf(arena, element), 1, after: !atFront);
        long position = atFront ? 0 : root.Count - 1;
        Settle(arena, ref root, position, position, compressor);
    }

    /// <summary>Adds packed elements, each of which may share its leaf with others, as a leaf of their own at the end.</summary>
    public static void Append(Arena arena, ref CountedTreeRoot root, ReadOnlySpan<byte> pack, int count, ListCompressor compressor)
    {
        TreeCursor end = root.Count == 0 ? default : CountedTree.Last(arena, in root);
        CountedTree.Insert(arena, ref root, in end, ListLeaf.Make(arena, pack, count), count, after: true);
        Settle(arena, ref root, root.Count - 1, root.Count - 1, compressor);
    }

    /// <summary>Adds an element so that it has this position (up to the count).</summary>
    public static void Insert(Arena arena, ref CountedTreeRoot root, long position, ReadOnlySpan<byte> element, ListCompressor compressor)
    {
        if (position == 0 || position == root.Count)
        {
            Push(arena, ref root, element, atFront: position == 0, compressor);
            return;
        }
        TreeCursor cursor = CountedTree.Seek(arena, in root, position, out int offset);
        int count = ListLeaf.Count(arena, cursor.Leaf);
        bool mayShare = element.Length <= ListLeaf.PackedElementBytesMax && !ListLeaf.IsAlone(arena, cursor.Leaf);
        if (mayShare || offset > 0) Open(arena, ref root, ref cursor);
        if (mayShare && TrySplice(arena, ref root, ref cursor, ListPack.Skip(ListLeaf.Pack(arena, cursor.Leaf), 0, offset), element))
        {
            SettleInside(arena, ref root, position, position, compressor);
            return;
        }
        if (offset == 0) CountedTree.Insert(arena, ref root, in cursor, NewLeaf(arena, element), 1, after: false);
        else SplitAt(arena, ref root, ref cursor, mayShare && count > 2 ? count / 2 : offset);
        // Before another leaf is added: one at a time passes the border.
        Settle(arena, ref root, position - offset, position - offset + count, compressor);
        if (offset > 0) Insert(arena, ref root, position, element, compressor);
    }

    /// <summary>Puts another element in the place of the one at this position.</summary>
    public static void Set(Arena arena, ref CountedTreeRoot root, long position, ReadOnlySpan<byte> element, ListCompressor compressor)
    {
        TreeCursor cursor = CountedTree.Seek(arena, in root, position, out int offset);
        if (ListLeaf.IsAlone(arena, cursor.Leaf) || element.Length > ListLeaf.PackedElementBytesMax)
        {
            SetApart(arena, ref root, position, element, compressor);
            return;
        }
        Open(arena, ref root, ref cursor);
        ReadOnlySpan<byte> pack = ListLeaf.Pack(arena, cursor.Leaf);
        int at = ListPack.Skip(pack, 0, offset);
        int removed = ListPack.Next(pack, at) - at;
        BlockRef leaf = ListLeaf.Splice(arena, cursor.Leaf, at, removed, ListPack.SizeOf(element), 0, out Span<byte> changed);
        if (leaf.IsNone)
        {
            SetApart(arena, ref root, position, element, compressor);
            return;
        }
        ListPack.Write(changed[at..], element);
        if (leaf != cursor.Leaf) CountedTree.Replace(arena, ref root, ref cursor, leaf);
        SettleInside(arena, ref root, position, position, compressor);
    }

    /// <summary>Takes out so many elements from this position on.</summary>
    public static void Remove(Arena arena, ref CountedTreeRoot root, long position, long count, ListCompressor compressor)
    {
        bool hasOtherLeaves = false;
        while (count > 0)
        {
            TreeCursor cursor = CountedTree.Seek(arena, in root, position, out int offset);
            int leafCount = ListLeaf.Count(arena, cursor.Leaf);
            int taken = (int)Math.Min(count, leafCount - offset);
            count -= taken;
            if (taken == leafCount)
            {
                RemoveLeaf(arena, ref root, in cursor);
                hasOtherLeaves = true;
                continue;
            }
            Open(arena, ref root, ref cursor);
            ReadOnlySpan<byte> pack = ListLeaf.Pack(arena, cursor.Leaf);
            int at = ListPack.PositionOf(pack, offset, leafCount);
            int end = taken == leafCount - offset ? pack.Length : ListPack.Skip(pack, at, taken);
            ListLeaf.Splice(arena, cursor.Leaf, at, end - at, 0, -taken, out Span<byte> rest);
            CountedTree.AddCount(arena, ref root, in cursor, -taken);
            if (rest.Length < SmallBytes) hasOtherLeaves |= TryMerge(arena, ref root, cursor);
        }
        if (hasOtherLeaves) Settle(arena, ref root, position - 1, position, compressor);
        else if (position > 0 && position < root.Count) SettleInside(arena, ref root, position - 1, position, compressor);
    }

    /// <summary>Takes out the elements at these positions, the last of them first; those of one leaf at once.</summary>
    public static void RemoveEach(Arena arena, ref CountedTreeRoot root, ReadOnlySpan<long> positions, ListCompressor compressor)
    {
        while (!positions.IsEmpty)
        {
            TreeCursor cursor = CountedTree.Seek(arena, in root, positions[0], out int offset);
            long start = positions[0] - offset;
            int taken = 1;
            while (taken < positions.Length && positions[taken] >= start) taken++;
            bool hasOtherLeaves = taken == ListLeaf.Count(arena, cursor.Leaf);
            if (hasOtherLeaves) RemoveLeaf(arena, ref root, in cursor);
            else
            {
                Open(arena, ref root, ref cursor);
                int left = RemoveInLeaf(arena, ref root, in cursor, start, positions[..taken]);
                if (left < SmallBytes) hasOtherLeaves = TryMerge(arena, ref root, cursor);
            }
            if (hasOtherLeaves) Settle(arena, ref root, start - 1, start, compressor);
            else SettleInside(arena, ref root, start, start, compressor);
            positions = positions[taken..];
        }
    }

    /// <summary>Where the two cannot lie in the same leaf.</summary>
    private static void SetApart(Arena arena, ref CountedTreeRoot root, long position, ReadOnlySpan<byte> element, ListCompressor compressor)
    {
        Remove(arena, ref root, position, 1, compressor);
        Insert(arena, ref root, position, element, compressor);
    }
}
