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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetChildCount(Arena arena, BlockRef node, int count) => arena.Words(node, 1)[0] = (ulong)count;

    /// <summary>A child as its node knows it.</summary>
    private readonly record struct Child(ulong Word, long Count, ulong Key)
    {
        public void WriteTo(Span<ulong> place) => (place[0], place[CountWord], place[KeyWord]) = (Word, (ulong)Count, Key);
    }
}
