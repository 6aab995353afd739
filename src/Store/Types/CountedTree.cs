using System.Runtime.CompilerServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// The root of a counted tree: 16 bytes that live in their owner. All zero is the empty tree.
/// </summary>
public struct CountedTreeRoot
{
    /// <summary>The only leaf, or the topmost node: its reference, and its height in the top byte.</summary>
    public ulong Top;

    /// <summary>The elements of all leaves.</summary>
    public long Count;
}

/// <summary>
/// A sequence of leaves that is found by position: a B+-tree in which every node knows how many elements lie under each
/// child (Knuth 1973, 6.2.3; the "rope" of Boehm, Atkinson and Plass 1995 is its binary cousin). The leaves are the
/// owner's: large lists keep pieces of elements in them, sorted sets references in the order of the scores.
///
/// <code>
///   height 2           | n | child, count, key | child, count, key | ...          up to 128 children: 3 KiB
///                            |                   \
///   height 1           | n | leaf, count, key | leaf, count, key | ...   ...
///                            |                  |
///   height 0               leaf               leaf                                the owner's blocks
/// </code>
///
/// A key is whatever the owner gave with the leaf that stands first under the child; what it is for is told in
/// <see cref="SortedTree"/>. The first child of a node keeps the key that it came with, and nobody looks at it.
/// <para/>
/// A look-up by position reads one node a level and adds counts on its way: O(log N). A leaf is added beside another,
/// and taken out, in the same time. A node that is full splits in two; one that is empty goes, and a root with one child
/// gives way to it. Nodes that have become sparse do not merge: a node is a hundredth of the leaves under it.
///
/// Rule 6: BeforeChange is called for each node before it is changed or freed; for leaves it is the owner's to do.
/// </summary>
public static partial class CountedTree
{
    private const int ChildrenMax = 128;
    private const int ChildrenMin = 4;
    internal const int ChildWords = 3;
    internal const int CountWord = 1;
    internal const int KeyWord = 2;

    /// <summary>The leaf that holds the element at this position (the last leaf, for the position after the last).</summary>
    /// <param name="offset">The element's number in the leaf.</param>
    public static TreeCursor Seek(Arena arena, in CountedTreeRoot root, long position, out int offset)
    {
        var cursor = new TreeCursor(root.Top);
        while (cursor.IsAboveLeaves)
        {
            ReadOnlySpan<ulong> children = Children(arena, cursor.Below);
            int at = 0;
            for (; at + ChildWords < children.Length && position >= (long)children[at + CountWord]; at += ChildWords)
                position -= (long)children[at + CountWord];
            cursor.Descend(at / ChildWords, children[at]);
        }
        offset = (int)position;
        return cursor;
    }

    /// <summary>The first leaf, which a look-up by position passes over where it has no elements.</summary>
    public static TreeCursor First(Arena arena, in CountedTreeRoot root)
    {
        var cursor = new TreeCursor(root.Top);
        DescendToEdge(arena, ref cursor, isLast: false);
        return cursor;
    }

    /// <summary>The last leaf.</summary>
    public static TreeCursor Last(Arena arena, in CountedTreeRoot root)
    {
        var cursor = new TreeCursor(root.Top);
        DescendToEdge(arena, ref cursor, isLast: true);
        return cursor;
    }

    /// <summary>Goes to the leaf that follows; false, and nowhere, after the last.</summary>
    public static bool TryNext(Arena arena, ref TreeCursor cursor) => TryStep(arena, ref cursor, +1);

    /// <summary>Goes to the leaf before; false, and nowhere, before the first.</summary>
    public static bool TryPrevious(Arena arena, ref TreeCursor cursor) => TryStep(arena, ref cursor, -1);

    /// <summary>The leaf at the cursor has got so many elements more, or less.</summary>
    public static void AddCount(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor, long change)
    {
        root.Count += change;
        for (int level = 0; level < cursor.Height; level++)
        {
            arena.BeforeChange(cursor.NodeAt(level));
            Children(arena, cursor.NodeAt(level))[cursor.IndexAt(level) * ChildWords + CountWord] += (ulong)change;
        }
    }

    /// <summary>Puts another leaf, with the same elements, in the place of the one at the cursor.</summary>
    public static void Replace(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, BlockRef leaf)
    {
        if (cursor.Height == 0) root.Top = leaf.Value;
        else
        {
            BlockRef node = cursor.NodeAt(cursor.Height - 1);
            arena.BeforeChange(node);
            Children(arena, node)[cursor.IndexAt(cursor.Height - 1) * ChildWords] = leaf.Value;
        }
        cursor.SetLeaf(leaf);
    }

    /// <summary>
    /// Adds a leaf beside the one at the cursor, or as the first of an empty tree. Cursors are stale then.
    /// </summary>
    /// <param name="key">What the owner wants to know of the leaf from above; not of use for one put before another.</param>
    public static void Insert(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor, BlockRef leaf, long count, bool after, ulong key = 0)
    {
        if (root.Top == 0)
        {
            root = new CountedTreeRoot { Top = leaf.Value, Count = count };
            return;
        }
        long before = root.Count;
        AddCountAbove(arena, ref root, in cursor, count);
        InsertAt(arena, ref root, in cursor, cursor.Height - 1, new Child(leaf.Value, count, key), after, new Child(cursor.Leaf.Value, before, 0));
    }

    /// <summary>Takes the leaf at the cursor, which has so many elements, out; it is the caller's to free. Cursors are stale then.</summary>
    public static void Remove(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor, long count)
    {
        AddCount(arena, ref root, in cursor, -count);
        int level = cursor.Height - 1;
        for (; level >= 0; level--)
        {
            BlockRef node = cursor.NodeAt(level);
            Span<ulong> children = Children(arena, node);
            if (children.Length > ChildWords)
            {
                int at = cursor.IndexAt(level) * ChildWords;
                children[(at + ChildWords)..].CopyTo(children[at..]);
                SetChildCount(arena, node, children.Length / ChildWords - 1);
                if (at == 0) RaiseKey(arena, in cursor, level, children[KeyWord]);
                break;
            }
            arena.Free(node);
        }
        if (level < 0) root = default;
        else LowerRoot(arena, ref root);
    }

    /// <summary>The bytes of the nodes; it walks over all of them.</summary>
    public static long OwnBytes(Arena arena, in CountedTreeRoot root) => BytesUnder(arena, root.Top);

    /// <summary>The references and counts of a node's children, one after the other.</summary>
    internal static Span<ulong> Children(Arena arena, BlockRef node)
    {
        int count = (int)arena.Words(node, 1)[0];
        return arena.Words(node, 1 + count * ChildWords)[1..];
    }

    /// <summary>A tree of these leaves, in this order, whose nodes are as full as they can be. The list is used up.</summary>
    internal static CountedTreeRoot Build(Arena arena, List<TreeLeaf> leaves)
    {
        if (leaves.Count == 0) return default;
        long total = 0;
        foreach (TreeLeaf leaf in leaves) total += leaf.Count;
        for (int height = 1; leaves.Count > 1; height++) BuildLevel(arena, leaves, height);
        return new CountedTreeRoot { Top = leaves[0].Word, Count = total };
    }

    /// <summary>Puts nodes over these children, and the nodes in their place.</summary>
    private static void BuildLevel(Arena arena, List<TreeLeaf> children, int height)
    {
        int nodes = (children.Count + ChildrenMax - 1) / ChildrenMax;
        int taken = 0;
        for (int i = 0; i < nodes; i++)
        {
            int end = (int)((long)children.Count * (i + 1) / nodes);
            children[i] = BuildNode(arena, children, taken, end - taken, height);
            taken = end;
        }
        children.RemoveRange(nodes, children.Count - nodes);
    }

    private static TreeLeaf BuildNode(Arena arena, List<TreeLeaf> children, int first, int count, int height)
    {
        BlockRef node = arena.Allocate((1 + Math.Max(count, ChildrenMin) * ChildWords) * sizeof(ulong));
        SetChildCount(arena, node, count);
        Span<ulong> place = Children(arena, node);
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            TreeLeaf child = children[first + i];
            new Child(child.Word, child.Count, child.Key).WriteTo(place[(i * ChildWords)..]);
            total += child.Count;
        }
        return new TreeLeaf(node.Value | TreeCursor.HeightBits(height), total, children[first].Key);
    }

    private static long BytesUnder(Arena arena, ulong word)
    {
        if (TreeCursor.HeightOf(word) == 0) return 0;
        BlockRef node = TreeCursor.BlockOf(word);
        long bytes = arena.SizeOf(node);
        Span<ulong> children = Children(arena, node);
        for (int i = 0; i < children.Length; i += ChildWords) bytes += BytesUnder(arena, children[i]);
        return bytes;
    }

    private static void DescendToEdge(Arena arena, ref TreeCursor cursor, bool isLast)
    {
        while (cursor.IsAboveLeaves)
        {
            ReadOnlySpan<ulong> children = Children(arena, cursor.Below);
            int index = isLast ? children.Length / ChildWords - 1 : 0;
            cursor.Descend(index, children[index * ChildWords]);
        }
    }

    private static bool TryStep(Arena arena, ref TreeCursor cursor, int step)
    {
        for (int level = cursor.Height - 1; level >= 0; level--)
        {
            ReadOnlySpan<ulong> children = Children(arena, cursor.NodeAt(level));
            int index = cursor.IndexAt(level) + step;
            if ((uint)index >= (uint)(children.Length / ChildWords)) continue;
            cursor.Turn(level, index, children[index * ChildWords]);
            DescendToEdge(arena, ref cursor, isLast: step < 0);
            return true;
        }
        return false;
    }

    /// <summary>The count of a leaf that is not there yet, in the nodes above the one that will hold it.</summary>
    private static void AddCountAbove(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor, long change)
    {
        root.Count += change;
        for (int level = 0; level < cursor.Height - 1; level++)
        {
            arena.BeforeChange(cursor.NodeAt(level));
            Children(arena, cursor.NodeAt(level))[cursor.IndexAt(level) * ChildWords + CountWord] += (ulong)change;
        }
    }

    /// <summary>Adds a child to the node of this level of the cursor, beside the one that the cursor went by.</summary>
    /// <param name="sibling">The child beside which it is put, if that is the root.</param>
    private static void InsertAt(
        Arena arena, ref CountedTreeRoot root, in TreeCursor cursor, int level, Child child, bool after, Child sibling)
    {
        if (level < 0)
        {
            GrowRoot(arena, ref root, child, after, sibling);
            return;
        }
        BlockRef node = cursor.NodeAt(level);
        int index = cursor.IndexAt(level) + (after ? 1 : 0);
        if (Children(arena, node).Length < ChildrenMax * ChildWords)
        {
            InsertChild(arena, ref root, in cursor, level, node, index, child);
            return;
        }
        BlockRef upper = Split(arena, node);
        int half = ChildrenMax / 2;
        if (index <= half) InsertInto(arena, node, index, child);
        else InsertInto(arena, upper, index - half, child);

        // What has moved to the upper half no longer counts for the lower.
        long moved = Total(arena, upper);
        if (level > 0)
        {
            arena.BeforeChange(cursor.NodeAt(level - 1));
            Children(arena, cursor.NodeAt(level - 1))[cursor.IndexAt(level - 1) * ChildWords + CountWord] -= (ulong)moved;
        }
        ulong height = TreeCursor.HeightBits(cursor.HeightAt(level));
        var upperChild = new Child(upper.Value | height, moved, Children(arena, upper)[KeyWord]);
        InsertAt(arena, ref root, in cursor, level - 1, upperChild, after: true, new Child(node.Value | height, root.Count - moved, 0));
    }

    private static void GrowRoot(Arena arena, ref CountedTreeRoot root, Child child, bool after, Child sibling)
    {
        BlockRef top = arena.Allocate((1 + ChildrenMin * ChildWords) * sizeof(ulong));
        SetChildCount(arena, top, 2);
        Span<ulong> children = Children(arena, top);
        (after ? sibling : child).WriteTo(children);
        (after ? child : sibling).WriteTo(children[ChildWords..]);
        root.Top = top.Value | TreeCursor.HeightBits(TreeCursor.HeightOf(sibling.Word) + 1);
    }

    /// <summary>Adds a child to a node that is not full; the node may have to move to a larger block.</summary>
    private static void InsertChild(
        Arena arena, ref CountedTreeRoot root, in TreeCursor cursor, int level, BlockRef node, int index, Child child)
    {
        int childCount = Children(arena, node).Length / ChildWords;
        int words = 1 + (childCount + 1) * ChildWords;
        if (words * sizeof(ulong) > arena.SizeOf(node))
        {
            int room = Math.Min(childCount * 2, ChildrenMax);
            BlockRef larger = arena.Allocate((1 + room * ChildWords) * sizeof(ulong));
            arena.Words(node, words - ChildWords).CopyTo(arena.Words(larger, words));
            ulong word = larger.Value | TreeCursor.HeightBits(cursor.HeightAt(level));
            if (level == 0) root.Top = word;
            else
            {
                BlockRef parent = cursor.NodeAt(level - 1);
                arena.BeforeChange(parent);
                Children(arena, parent)[cursor.IndexAt(level - 1) * ChildWords] = word;
            }
            arena.BeforeChange(node);
            arena.Free(node);
            node = larger;
        }
        InsertInto(arena, node, index, child);
    }

    private static void InsertInto(Arena arena, BlockRef node, int index, Child child)
    {
        arena.BeforeChange(node);
        int childCount = Children(arena, node).Length / ChildWords + 1;
        SetChildCount(arena, node, childCount);
        Span<ulong> children = Children(arena, node)[(index * ChildWords)..];
        children[..^ChildWords].CopyTo(children[ChildWords..]);
        child.WriteTo(children);
    }

    /// <summary>Moves the upper half of a full node's children to a new node.</summary>
    private static BlockRef Split(Arena arena, BlockRef node)
    {
        arena.BeforeChange(node);
        BlockRef upper = arena.Allocate((1 + ChildrenMax * ChildWords) * sizeof(ulong));
        Span<ulong> children = Children(arena, node);
        SetChildCount(arena, upper, ChildrenMax / 2);
        children[(children.Length / 2)..].CopyTo(Children(arena, upper));
        SetChildCount(arena, node, ChildrenMax / 2);
        return upper;
    }

    private static long Total(Arena arena, BlockRef node)
    {
        long total = 0;
        Span<ulong> children = Children(arena, node);
        for (int i = CountWord; i < children.Length; i += ChildWords) total += (long)children[i];
        return total;
    }

    /// <summary>
    /// Another child is the first of the node at this level: it is what the nodes above know the node by. Were the old key to
    /// stay, what moves from under it to the leaf before (a merge) would be sought here still.
    /// </summary>
    private static void RaiseKey(Arena arena, in TreeCursor cursor, int level, ulong key)
    {
        while (--level >= 0)
        {
            arena.BeforeChange(cursor.NodeAt(level));
            int index = cursor.IndexAt(level);
            Children(arena, cursor.NodeAt(level))[(index * ChildWords) + KeyWord] = key;
            if (index > 0) return;
        }
    }

    private static void LowerRoot(Arena arena, ref CountedTreeRoot root)
    {
        while (TreeCursor.HeightOf(root.Top) > 0)
        {
            BlockRef node = TreeCursor.BlockOf(root.Top);
            Span<ulong> children = Children(arena, node);
            if (children.Length > ChildWords) return;
            root.Top = children[0];
            arena.BeforeChange(node);
            arena.Free(node);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetChildCount(Arena arena, BlockRef node, int count) => arena.Words(node, 1)[0] = (ulong)count;

    /// <summary>A child as its node knows it.</summary>
    private readonly record struct Child(ulong Word, long Count, ulong Key)
    {
        public void WriteTo(Span<ulong> place) => (place[0], place[CountWord], place[KeyWord]) = (Word, (ulong)Count, Key);
    }
}

/// <summary>A leaf for <see cref="CountedTree.Build"/>: its reference, its elements, and what is to be known of it from above.</summary>
internal readonly record struct TreeLeaf(ulong Word, long Count, ulong Key);
