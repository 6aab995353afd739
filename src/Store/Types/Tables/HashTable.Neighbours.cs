using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>Samples: what lies beside a random element.</summary>
public static partial class HashTable<TLayout>
{
    /// <summary>
    /// Fills the span with a random element, each as likely as any other, and those that follow it in the order of their
    /// hashes, round the end of its segment: different elements, and all of a table that has no more. Returns how many. Keyed
    /// hashes have nothing to do with what the elements are, so they are as good as drawn one by one.
    /// </summary>
    public static int DrawNeighbours(Arena arena, in HashTableRoot root, System.Random random, Span<BlockRef> group)
    {
        TablePosition first = Draw(arena, in root, random, out ulong hash, out BlockRef block);
        if (!first.IsFound) return DrawOne(arena, in root, group);
        ChildWord child = TrieNode.Descend(arena, new ChildWord(root.Top), ref hash);
        ReadOnlySpan<ulong> slots = new Segment(arena, child).Slots;
        group[0] = block;
        int count = Take(slots[(first.Slot + 1)..], group, 1);
        return Take(slots[..first.Slot], group, count);
    }

    /// <summary>So few elements in so many segments that no draw has met one.</summary>
    private static int DrawOne(Arena arena, in HashTableRoot root, Span<BlockRef> group)
    {
        if (root.Count == 0) return 0;
        var first = new FirstVisitor();
        Scan(arena, root, 0, 1, ref first);
        group[0] = first.Block;
        return 1;
    }

    private static int Take(ReadOnlySpan<ulong> slots, Span<BlockRef> group, int count)
    {
        for (int i = 0; i < slots.Length && count < group.Length; i++)
        {
            if (slots[i] != 0) group[count++] = Segment.BlockOf(slots[i]);
        }
        return count;
    }
}
