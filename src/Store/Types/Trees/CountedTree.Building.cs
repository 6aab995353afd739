using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <content>A tree made at once, of leaves that are there.</content>
public static partial class CountedTree
{
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
}

/// <summary>A leaf for <see cref="CountedTree.Build"/>: its reference, its elements, and what is to be known of it from above.</summary>
internal readonly record struct TreeLeaf(ulong Word, long Count, ulong Key);
