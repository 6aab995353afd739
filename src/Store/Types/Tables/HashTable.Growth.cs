using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>How segments and nodes come and go.</summary>
public static partial class HashTable<TLayout>
{
    /// <summary>
    /// Buddies merge when they have so many elements together: a segment splits with more than 920, so between the
    /// two it takes hundreds of changes.
    /// </summary>
    private const int MergeCountMax = 600;

    private const int TidyLookMax = 4;

    /// <summary>
    /// Makes the segment for a hash able to take one more, or brings it one step nearer to that: it gets longer, is
    /// packed, splits, or gets a node of the next level. At most 64 bits can be split by, so it ends.
    /// </summary>
    private static void MakeRoom(Arena arena, ref HashTableRoot root, KeyedHash hashing, ulong hash)
    {
        var path = new TablePath(arena, root, hash);
        ChildWord child = path.Segment;
        var segment = new Segment(arena, child);
        if (!segment.IsFull && segment.IsCrowded) Pack(arena, ref root, ref path);
        else if (child.Words < Segment.WordsMax) Resize(arena, ref root, ref path, Segment.WordsAbove(child.Words));
        else if (child.Depth < TrieNode.BitsMax) Split(arena, ref root, ref path);
        else if (path.Level < TrieNode.LevelsMax - 1) Deepen(arena, ref root, ref path, hashing);
        else Resize(arena, ref root, ref path, Segment.WordsAbove(child.Words));
    }

    private static void Resize(Arena arena, ref HashTableRoot root, ref TablePath path, int words)
    {
        ChildWord old = path.Segment;
        path.SetSegment(arena, ref root, Segment.Build(arena, path.Level, old.Depth, words, new Segment(arena, old).Slots));
        Segment.Free(arena, old);
        if (path.HasNode) Tidy(arena, ref root, path);
    }

    /// <summary>
    /// All segments grow at the same rate, so they leave a size class in a wave, and its spans become empty last of
    /// all. So whoever resizes looks at the next few segments, and moves the first that lies in a sparse span
    /// (GrowthBenchmark: holes of 6.2 bytes an element at a million become 2.5, for 1 % of an insertion's time).
    /// </summary>
    private static void Tidy(Arena arena, ref HashTableRoot root, TablePath path)
    {
        for (int looked = 0; looked < TidyLookMax; looked++)
        {
            path = new TablePath(arena, root, path.End);
            ChildWord child = path.Segment;
            if (child.Words > Segment.WordsMax || !arena.IsInSparseSpan(child.Block)) continue;
            path.SetSegment(arena, ref root, Segment.Copy(arena, child));
            Segment.Free(arena, child);
            return;
        }
    }

    // In the same block: its slots only move together.
    private static void Pack(Arena arena, ref HashTableRoot root, ref TablePath path)
    {
        ChildWord old = path.Segment;
        arena.BeforeChange(old.Block);
        new Segment(arena, old).CloseGaps();
        path.SetSegment(arena, ref root, ChildWord.OfSegment(old.Block, old.Words, old.Depth, isPacked: true));
    }

    private static void Split(Arena arena, ref HashTableRoot root, ref TablePath path)
    {
        ChildWord old = path.Segment;
        if (!path.HasNode) path.Deepen(arena, ref root, old);
        if (path.Node.Bits == old.Depth) path.SetNode(arena, ref root, TrieNode.Doubled(arena, path.Node));
        var segment = new Segment(arena, old);
        int depth = old.Depth + 1;
        int border = segment.FirstWithBit(depth, out int lowerCount);
        int upperCount = segment.Count - lowerCount;
        Span<ulong> slots = segment.Slots;
        ChildWord lower = Segment.Build(arena, path.Level, depth, Segment.WordsFor(lowerCount), slots[..border]);
        ChildWord upper = Segment.Build(arena, path.Level, depth, Segment.WordsFor(upperCount), slots[border..]);
        path.SetHalves(arena, lower, upper);
        Segment.Free(arena, old);
    }

    // All bits of this level are the same in the segment; the next level's tags are had from the keys.
    private static void Deepen(Arena arena, ref HashTableRoot root, ref TablePath path, KeyedHash hashing)
    {
        ChildWord old = path.Segment;
        int level = path.Level + 1;
        var segment = new Segment(arena, old);
        Span<ulong> slots = stackalloc ulong[Segment.WordsMax];
        int count = 0;
        foreach (ulong slot in segment.Slots)
        {
            if (slot == 0) continue;
            BlockRef block = Segment.BlockOf(slot);
            ulong hash = TLayout.HashOf(hashing, TLayout.KeyOf(arena, block));
            slots[count++] = Segment.SlotOf((hash << (TrieNode.BitsMax * level)) >> BlockRef.Bits, block);
        }

        slots = slots[..count];
        slots.Sort();
        ChildWord deeper = Segment.Build(arena, level, depth: 0, old.Words, slots);
        path.Deepen(arena, ref root, deeper);
        Segment.Free(arena, old);
    }

    private static void Shrink(Arena arena, ref HashTableRoot root, ulong hash)
    {
        var path = new TablePath(arena, root, hash);
        while (TryMerge(arena, ref root, ref path) || TryCollapse(arena, ref root, ref path, hash)) { }

        ChildWord child = path.Segment;
        int count = new Segment(arena, child).Count;
        if (count == 0 && !path.HasNode)
        {
            root.Top = 0;
            Segment.Free(arena, child);
            return;
        }

        int words = Segment.WordsFor(count);
        if (words < child.Words) Resize(arena, ref root, ref path, words);
    }

    private static bool TryMerge(Arena arena, ref HashTableRoot root, ref TablePath path)
    {
        ChildWord child = path.Segment;
        ChildWord buddy = path.Buddy(arena);
        if (buddy.IsNone) return false;
        var segment = new Segment(arena, child);
        var other = new Segment(arena, buddy);
        int count = segment.Count + other.Count;
        if (count > MergeCountMax) return false;
        ReadOnlySpan<ulong> lower = path.IsUpper ? other.Slots : segment.Slots;
        ReadOnlySpan<ulong> upper = path.IsUpper ? segment.Slots : other.Slots;
        ChildWord merged = Segment.Build(arena, path.Level, child.Depth - 1, Segment.WordsFor(count), lower, upper);
        path.SetSegment(arena, ref root, merged);
        Segment.Free(arena, child);
        Segment.Free(arena, buddy);
        if (TrieNode.TryHalve(arena, path.Node, out ChildWord halved)) path.SetNode(arena, ref root, halved);
        return true;
    }

    // A node with one segment goes. Its tags get the byte of the level above in front, and lose their last.
    private static bool TryCollapse(Arena arena, ref HashTableRoot root, ref TablePath path, ulong hash)
    {
        ChildWord child = path.Segment;
        if (!path.HasNode || child.Depth > 0) return false;
        if (path.Level == 0)
        {
            path.Collapse(arena, ref root, child);
            return true;
        }

        var segment = new Segment(arena, child);
        if (segment.Count > MergeCountMax) return false;
        int level = path.Level - 1;
        ulong prefix = ((hash << (TrieNode.BitsMax * level)) >> 56) << (Segment.TagBits - TrieNode.BitsMax);
        Span<ulong> slots = stackalloc ulong[MergeCountMax];
        int count = 0;
        foreach (ulong slot in segment.Slots)
        {
            if (slot != 0) slots[count++] = Segment.SlotOf(prefix | (Segment.TagOf(slot) >> TrieNode.BitsMax), Segment.BlockOf(slot));
        }

        ChildWord shallower = Segment.Build(arena, level, TrieNode.BitsMax, Segment.WordsFor(count), slots[..count]);
        path.Collapse(arena, ref root, shallower);
        Segment.Free(arena, child);
        return true;
    }
}
