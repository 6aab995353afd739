using System.Runtime.InteropServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// The elements of a large sorted set in the order of their scores, and of their members where scores are equal: leaves
/// of up to 127 scores and references in a <see cref="CountedTree"/>, so that the rank of an element, and the element of a
/// rank, are had in O(log N).
///
/// <code>
///   leaf   | count | score, BlockRef | score, BlockRef | ...         16 bytes an element; blocks grow by an eighth
///                             |
///                             v
///                 SortedElement: | score | member |
/// </code>
///
/// A node's key is the score of the first element that its child had when the child was made. It stays when that element
/// goes: what lies before the child has at most this score, and what lies in it at least. So a search compares keys, and
/// looks at the first element under a child only where the key is equal to the score sought, or where it goes by
/// members. Beside a skiplist (Pugh 1990) this has no node and no pointers for each element: 17 to 21 bytes instead
/// of 37 to 40, and a walk reads memory in its order.
///
/// Full leaves split in the middle, or, where elements come in their order, stay full beside a new one; small ones merge.
/// </summary>
internal static partial class SortedTree
{
    /// <summary>A full leaf fills a block of 2 KiB.</summary>
    internal const int LeafMax = 127;
    private const int LeafSmall = LeafMax / 5;
    private const int MergedMax = LeafMax * 3 / 4;
    private const int LeafHead = sizeof(ulong);
    private const int EntryBytes = 16;

    /// <summary>Finds the first element that is not before the border; its place may be behind the last one.</summary>
    public static SortedPlace Find(Arena arena, in CountedTreeRoot root, SortedBound bound)
    {
        if (root.Count == 0) return default;
        var cursor = new TreeCursor(root.Top);
        long rank = 0;
        while (cursor.IsAboveLeaves)
        {
            ReadOnlySpan<ulong> children = CountedTree.Children(arena, cursor.Below);
            int index = ChildFor(arena, children, bound);
            for (int i = CountedTree.CountWord; i < index * CountedTree.ChildWords; i += CountedTree.ChildWords) rank += (long)children[i];
            cursor.Descend(index, children[index * CountedTree.ChildWords]);
        }
        int offset = OffsetIn(arena, Entries(arena, cursor.Leaf), bound);
        return new SortedPlace(cursor, offset, rank + offset);
    }

    /// <summary>Adds an element, which is not there.</summary>
    public static void Insert(Arena arena, ref CountedTreeRoot root, double score, BlockRef element)
    {
        if (root.Count == 0)
        {
            BlockRef leaf = MakeLeaf(arena, [new SortedEntry(score, element.Value)]);
            CountedTree.Insert(arena, ref root, default, leaf, 1, after: true);
            return;
        }
        SortedPlace place = Find(arena, in root, SortedBound.Element(score, SortedElement.KeyOf(arena, element)));
        TreeCursor cursor = place.Cursor;
        if (Entries(arena, cursor.Leaf).Length == LeafMax)
        {
            if (place.Rank == root.Count)
            {
                BlockRef next = MakeLeaf(arena, [new SortedEntry(score, element.Value)]);
                CountedTree.Insert(arena, ref root, in cursor, next, 1, after: true, KeyOf(score));
                return;
            }
            Split(arena, ref root, in cursor);
            Insert(arena, ref root, score, element);
            return;
        }
        InsertInto(arena, ref root, ref cursor, place.Offset, new SortedEntry(score, element.Value));
    }

    /// <summary>Takes the element at this place out; the block is the caller's to free.</summary>
    public static void Remove(Arena arena, ref CountedTreeRoot root, SortedPlace place)
    {
        TreeCursor cursor = place.Cursor;
        Span<SortedEntry> entries = Entries(arena, cursor.Leaf);
        arena.BeforeChange(cursor.Leaf);
        if (entries.Length == 1)
        {
            CountedTree.Remove(arena, ref root, in cursor, 1);
            arena.Free(cursor.Leaf);
            return;
        }
        entries[(place.Offset + 1)..].CopyTo(entries[place.Offset..]);
        SetCount(arena, cursor.Leaf, entries.Length - 1);
        CountedTree.AddCount(arena, ref root, in cursor, -1);
        if (entries.Length - 1 < LeafSmall) TryMerge(arena, ref root, cursor);
    }

    /// <summary>The place of the element of this rank, which is there.</summary>
    public static SortedPlace At(Arena arena, in CountedTreeRoot root, long rank)
    {
        TreeCursor cursor = CountedTree.Seek(arena, in root, rank, out int offset);
        return new SortedPlace(cursor, offset, rank);
    }

    /// <summary>The place with the same rank from which an element can be read: not behind the last one of a leaf.</summary>
    public static SortedPlace Readable(Arena arena, in CountedTreeRoot root, SortedPlace place) =>
        place.Rank < root.Count && place.Offset == Entries(arena, place.Cursor.Leaf).Length ? At(arena, in root, place.Rank) : place;

    /// <summary>Changes the score of the element at this place, whose neighbours leave room for it.</summary>
    public static void SetScore(Arena arena, SortedPlace place, double score)
    {
        arena.BeforeChange(place.Cursor.Leaf);
        ref SortedEntry entry = ref Entries(arena, place.Cursor.Leaf)[place.Offset];
        entry = entry with { Score = score };
    }

    /// <summary>The element at this place lies in another block.</summary>
    internal static void SetElement(Arena arena, SortedPlace place, BlockRef element)
    {
        arena.BeforeChange(place.Cursor.Leaf);
        ref SortedEntry entry = ref Entries(arena, place.Cursor.Leaf)[place.Offset];
        entry = entry with { Reference = element.Value };
    }

    /// <summary>The elements of a leaf, in their order.</summary>
    public static Span<SortedEntry> Entries(Arena arena, BlockRef leaf)
    {
        int count = (int)arena.Words(leaf, 1)[0];
        return MemoryMarshal.Cast<byte, SortedEntry>(arena.Span(leaf, LeafHead + count * EntryBytes)[LeafHead..]);
    }

    /// <summary>A leaf with these elements, as <see cref="CountedTree.Build"/> takes it.</summary>
    internal static TreeLeaf Leaf(Arena arena, ReadOnlySpan<SortedEntry> entries) =>
        new(MakeLeaf(arena, entries).Value, entries.Length, KeyOf(entries[0].Score));

    private static ulong KeyOf(double score) => BitConverter.DoubleToUInt64Bits(score);

    /// <summary>The last child whose elements may begin before the border, or the first child.</summary>
    private static int ChildFor(Arena arena, ReadOnlySpan<ulong> children, SortedBound bound)
    {
        int low = 0;
        int high = children.Length / CountedTree.ChildWords - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (BeginsBefore(arena, children[(middle * CountedTree.ChildWords)..], bound)) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    private static bool BeginsBefore(Arena arena, ReadOnlySpan<ulong> child, SortedBound bound)
    {
        Order order = bound.OrderOf(BitConverter.UInt64BitsToDouble(child[CountedTree.KeyWord]));
        if (order != Order.Unknown) return order == Order.Before;
        ulong word = child[0];
        while (TreeCursor.HeightOf(word) > 0) word = CountedTree.Children(arena, TreeCursor.BlockOf(word))[0];
        return IsBefore(arena, Entries(arena, TreeCursor.BlockOf(word))[0], bound);
    }

    private static int OffsetIn(Arena arena, ReadOnlySpan<SortedEntry> entries, SortedBound bound)
    {
        int low = 0;
        int high = entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (IsBefore(arena, entries[middle], bound)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static bool IsBefore(Arena arena, SortedEntry entry, SortedBound bound)
    {
        Order order = bound.OrderOf(entry.Score);
        return order == Order.Unknown ? bound.IsAfter(SortedElement.KeyOf(arena, entry.Element)) : order == Order.Before;
    }

    private static void InsertInto(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, int offset, SortedEntry entry)
    {
        Span<SortedEntry> entries = Entries(arena, cursor.Leaf);
        int count = entries.Length + 1;
        arena.BeforeChange(cursor.Leaf);
        if (LeafHead + count * EntryBytes > arena.SizeOf(cursor.Leaf))
        {
            BlockRef larger = arena.Allocate(LeafHead + Math.Min(count + count / 8, LeafMax) * EntryBytes);
            SetCount(arena, larger, count - 1);
            entries.CopyTo(Entries(arena, larger));
            arena.Free(cursor.Leaf);
            CountedTree.Replace(arena, ref root, ref cursor, larger);
        }
        SetCount(arena, cursor.Leaf, count);
        entries = Entries(arena, cursor.Leaf);
        entries[offset..^1].CopyTo(entries[(offset + 1)..]);
        entries[offset] = entry;
        CountedTree.AddCount(arena, ref root, in cursor, 1);
    }

    private static void Split(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor)
    {
        Span<SortedEntry> entries = Entries(arena, cursor.Leaf);
        int moved = entries.Length / 2;
        Span<SortedEntry> upper = entries[^moved..];
        BlockRef leaf = MakeLeaf(arena, upper);
        arena.BeforeChange(cursor.Leaf);
        SetCount(arena, cursor.Leaf, entries.Length - moved);
        CountedTree.AddCount(arena, ref root, in cursor, -moved);
        CountedTree.Insert(arena, ref root, in cursor, leaf, moved, after: true, KeyOf(upper[0].Score));
    }

    /// <summary>Moves the elements of a leaf behind those of the one before it, if both together leave room.</summary>
    private static void TryMerge(Arena arena, ref CountedTreeRoot root, TreeCursor cursor)
    {
        TreeCursor lower = cursor;
        TreeCursor upper = cursor;
        if (CountedTree.TryPrevious(arena, ref lower) && CountOf(arena, lower) + CountOf(arena, cursor) <= MergedMax)
        {
            Merge(arena, ref root, lower, cursor);
            return;
        }
        if (CountedTree.TryNext(arena, ref upper) && CountOf(arena, cursor) + CountOf(arena, upper) <= MergedMax)
            Merge(arena, ref root, cursor, upper);
    }

    private static void Merge(Arena arena, ref CountedTreeRoot root, TreeCursor lower, TreeCursor upper)
    {
        Span<SortedEntry> first = Entries(arena, lower.Leaf);
        Span<SortedEntry> second = Entries(arena, upper.Leaf);
        Span<SortedEntry> all = stackalloc SortedEntry[MergedMax];
        first.CopyTo(all);
        second.CopyTo(all[first.Length..]);
        BlockRef merged = MakeLeaf(arena, all[..(first.Length + second.Length)]);
        arena.BeforeChange(lower.Leaf);
        arena.Free(lower.Leaf);
        CountedTree.Replace(arena, ref root, ref lower, merged);
        CountedTree.AddCount(arena, ref root, in lower, second.Length);
        CountedTree.Remove(arena, ref root, in upper, second.Length);
        arena.BeforeChange(upper.Leaf);
        arena.Free(upper.Leaf);
    }

    private static BlockRef MakeLeaf(Arena arena, ReadOnlySpan<SortedEntry> entries)
    {
        BlockRef leaf = arena.Allocate(LeafHead + entries.Length * EntryBytes);
        SetCount(arena, leaf, entries.Length);
        entries.CopyTo(Entries(arena, leaf));
        return leaf;
    }

    private static int CountOf(Arena arena, in TreeCursor cursor) => Entries(arena, cursor.Leaf).Length;

    private static void SetCount(Arena arena, BlockRef leaf, int count) => arena.Words(leaf, 1)[0] = (ulong)count;
}

/// <summary>An element as a leaf has it.</summary>
internal readonly record struct SortedEntry(double Score, ulong Reference)
{
    public BlockRef Element => new(Reference);
}

/// <summary>A place in a <see cref="SortedTree"/>: a leaf, an element's number in it, and its rank. Valid until the tree changes.</summary>
internal readonly record struct SortedPlace(TreeCursor Cursor, int Offset, long Rank);
