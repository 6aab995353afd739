using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>Drop: takes a table apart from left to right, over as many turns as it takes.</summary>
public static partial class HashTable<TLayout>
{
    /// <summary>
    /// Frees the table's own blocks and hands every element to the visitor (which frees it), at most about
    /// <paramref name="budget"/> elements a call; true when all is gone. Between calls the table may not be used otherwise.
    /// </summary>
    public static bool Drop<TVisitor>(Arena arena, ref HashTableRoot root, int budget, ref TVisitor visitor)
        where TVisitor : struct, IBlockVisitor, allows ref struct
    {
        while (root.Top != 0)
        {
            if (budget <= 0) return false;
            DropFirst(arena, ref root, ref budget, ref visitor);
        }

        root.Count = 0;
        return true;
    }

    // Children that are gone are zero; a node is freed with its last.
    private static void DropFirst<TVisitor>(Arena arena, ref HashTableRoot root, ref int budget, ref TVisitor visitor)
        where TVisitor : struct, IBlockVisitor, allows ref struct
    {
        ref ulong place = ref root.Top;
        Span<ulong> siblings = default;
        int share = 1;
        while (new ChildWord(place) is { IsNode: true } node)
        {
            siblings = TrieNode.Children(arena, node);
            int first = siblings.IndexOfAnyExcept(0UL);
            budget--;
            if (first < 0)
            {
                place = 0;
                TrieNode.Free(arena, node);
                return;
            }

            arena.BeforeChange(node.Block);
            siblings = siblings[first..];
            place = ref siblings[0];
            share = new ChildWord(place) is { IsNode: false } child ? 1 << (node.Bits - child.Depth) : 1;
        }

        var segment = new ChildWord(place);
        if (!TryDropElements(arena, ref root, segment, ref budget, ref visitor)) return;
        place = 0;
        siblings[..Math.Min(share, siblings.Length)].Clear();
        Segment.Free(arena, segment);
    }

    private static bool TryDropElements<TVisitor>(Arena arena, ref HashTableRoot root, ChildWord child, ref int budget, ref TVisitor visitor)
        where TVisitor : struct, IBlockVisitor, allows ref struct
    {
        arena.BeforeChange(child.Block);
        var segment = new Segment(arena, child);
        Span<ulong> slots = segment.Slots;
        int first = slots.IndexOfAnyExcept(0UL);
        if (first < 0) return true;
        int end = first;
        int count = 0;
        for (; end < slots.Length && count < budget; end++)
        {
            if (slots[end] == 0) continue;
            visitor.Visit(Segment.BlockOf(slots[end]));
            count++;
        }

        segment.Forget(first, end, count);
        root.Count -= count;
        budget -= count;
        return end == slots.Length;
    }
}
