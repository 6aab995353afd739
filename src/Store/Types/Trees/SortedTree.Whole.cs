using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <content>What is done with all leaves.</content>
internal static partial class SortedTree
{
    /// <summary>
    /// Frees leaves and elements from the end on, about so many elements; true when nothing is left. The tree is not of
    /// use otherwise any more.
    /// </summary>
    public static bool Drop(Arena arena, ref CountedTreeRoot root, ref int budget)
    {
        while (root.Count > 0 && budget > 0)
        {
            TreeCursor cursor = CountedTree.Last(arena, in root);
            Span<SortedEntry> entries = Entries(arena, cursor.Leaf);
            foreach (SortedEntry entry in entries) SortedElement.Free(arena, entry.Element);
            budget -= entries.Length;
            CountedTree.Remove(arena, ref root, in cursor, entries.Length);
            arena.BeforeChange(cursor.Leaf);
            arena.Free(cursor.Leaf);
        }
        return root.Count == 0;
    }

    /// <summary>As <see cref="Drop"/>, but for the elements, which are somebody else's.</summary>
    public static bool DropLeaves(Arena arena, ref CountedTreeRoot root, ref int budget)
    {
        while (root.Count > 0 && budget > 0)
        {
            TreeCursor cursor = CountedTree.Last(arena, in root);
            int count = CountOf(arena, in cursor);
            budget--;
            CountedTree.Remove(arena, ref root, in cursor, count);
            arena.BeforeChange(cursor.Leaf);
            arena.Free(cursor.Leaf);
        }
        return root.Count == 0;
    }

    /// <summary>The bytes of its nodes and leaves, by about so many of the leaves (0: all).</summary>
    public static long OwnBytes(Arena arena, in CountedTreeRoot root, int samples)
    {
        if (root.Count == 0) return 0;
        long bytes = 0;
        long met = 0;
        TreeCursor cursor = CountedTree.Seek(arena, in root, 0, out _);
        do
        {
            bytes += arena.SizeOf(cursor.Leaf);
            met += Entries(arena, cursor.Leaf).Length;
        }
        while ((samples == 0 || met < samples) && CountedTree.TryNext(arena, ref cursor));
        return CountedTree.OwnBytes(arena, in root) + Sampling.OfAll(bytes, root.Count, met);
    }
}
