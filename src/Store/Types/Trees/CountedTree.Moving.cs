using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <content>Shows every block of the tree to a mover, over as many turns as it takes.</content>
public static partial class CountedTree
{
    /// <summary>
    /// Moves the nodes and leaves that are to be moved, from the leaf with the element at this position on; true after the
    /// last one, else the position is that to go on with. Between two calls the tree may change: then leaves are shown twice, or
    /// not at all.
    /// </summary>
    internal static bool Move<TLeaves>(BlockMover mover, ref CountedTreeRoot root, ref long position, ref TLeaves leaves)
        where TLeaves : struct, ILeafMover, allows ref struct
    {
        if (root.Top == 0) return true;
        Arena arena = mover.Arena;
        int offset = 0;
        TreeCursor cursor = position == 0 ? First(arena, in root) : Seek(arena, in root, position, out offset);
        position -= offset;
        long begin = position;
        do
        {
            // Leaves without elements do not move the position: they are passed in one go.
            if (mover.IsSpent && position > begin) return false;
            MoveNodes(mover, ref root, ref cursor);
            BlockRef leaf = cursor.Leaf;
            if (leaves.Move(mover, ref leaf)) Replace(arena, ref root, ref cursor, leaf);
            position += CountAt(arena, in root, in cursor);
        }
        while (TryNext(arena, ref cursor));
        return true;
    }

    private static void MoveNodes(BlockMover mover, ref CountedTreeRoot root, ref TreeCursor cursor)
    {
        for (int level = 0; level < cursor.Height; level++)
        {
            BlockRef node = cursor.NodeAt(level);
            if (!mover.TryMove(ref node)) continue;
            cursor.SetNode(level, node);
            ulong word = node.Value | TreeCursor.HeightBits(cursor.HeightAt(level));
            if (level == 0)
            {
                root.Top = word;
                continue;
            }
            BlockRef parent = cursor.NodeAt(level - 1);
            mover.Arena.BeforeChange(parent);
            Children(mover.Arena, parent)[cursor.IndexAt(level - 1) * ChildWords] = word;
        }
    }

    /// <summary>The elements of the leaf at the cursor.</summary>
    private static long CountAt(Arena arena, in CountedTreeRoot root, in TreeCursor cursor)
    {
        int last = cursor.Height - 1;
        return last < 0 ? root.Count : (long)Children(arena, cursor.NodeAt(last))[(cursor.IndexAt(last) * ChildWords) + CountWord];
    }
}

/// <summary>Moves a leaf of a <see cref="CountedTree"/>, and what it refers to.</summary>
internal interface ILeafMover
{
    /// <summary>True where the leaf is another now.</summary>
    bool Move(BlockMover mover, ref BlockRef leaf);
}

/// <summary>Moves leaves that refer to nothing, or to what somebody else moves.</summary>
internal readonly struct PlainLeaves : ILeafMover
{
    public bool Move(BlockMover mover, ref BlockRef leaf) => mover.TryMove(ref leaf);
}
