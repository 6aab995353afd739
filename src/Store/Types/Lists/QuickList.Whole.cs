using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <content>What is done with all leaves, compressed or not: none is expanded for it.</content>
internal static partial class QuickList
{
    /// <summary>Frees leaves from the end on, about so many elements; true when the list is empty.</summary>
    public static bool Drop(Arena arena, ref CountedTreeRoot root, ref int budget)
    {
        while (root.Count > 0 && budget > 0)
        {
            TreeCursor cursor = CountedTree.Last(arena, in root);
            int count = ListLeaf.Count(arena, cursor.Leaf);
            RemoveLeaf(arena, ref root, in cursor);
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
        return CountedTree.OwnBytes(arena, in root) + Sampling.OfAll(bytes, root.Count, met);
    }

    /// <summary>How many leaves there are; it walks over the nodes above them.</summary>
    public static long LeafCount(Arena arena, in CountedTreeRoot root)
    {
        long count = 0;
        TreeCursor cursor = CountedTree.First(arena, in root);
        do count++;
        while (CountedTree.TryNext(arena, ref cursor));
        return count;
    }

    /// <summary>How many leaves there are, and the bytes of all elements as listpacks of redis-server, one a leaf.</summary>
    public static (long Leaves, long ListPackBytes) Weigh(Arena arena, in CountedTreeRoot root)
    {
        long leaves = 0, bytes = 0;
        TreeCursor cursor = CountedTree.Seek(arena, in root, 0, out _);
        do
        {
            leaves++;
            bytes += ListPackFrame.Bytes + ListLeaf.PackBytes(arena, cursor.Leaf);
        }
        while (CountedTree.TryNext(arena, ref cursor));
        return (leaves, bytes);
    }
}
