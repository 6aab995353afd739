using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <content>How its nodes split, grow and go as leaves come and go.</content>
public static partial class CountedTree
{
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
}
