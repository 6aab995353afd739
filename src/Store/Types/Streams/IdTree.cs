using System.Runtime.InteropServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>A record of fixed size that a stream identifier finds.</summary>
internal interface IIdRecord
{
    StreamId Id { get; }
}

/// <summary>
/// Records in the order of the identifiers of stream entries: the entries that a group has delivered and nobody has
/// acknowledged. Leaves of up to 2 KiB in a <see cref="CountedTree"/>.
/// <code>
///   leaf   | lowest identifier 16 | count 8 | record | record | ...
/// </code>
/// What comes in its order fills a leaf and begins another; a full leaf in the middle splits, small ones merge.
/// </summary>
internal static class IdTree<TRecord> where TRecord : unmanaged, IIdRecord
{
    private const int HeadBytes = 24;
    private const int LeafBytesMax = 2048;

    private static readonly int RecordBytes = SizeOf<TRecord>.Bytes;
    private static readonly int LeafMax = (LeafBytesMax - HeadBytes) / RecordBytes;

    /// <summary>Finds the first record that is not before this identifier; its place may be behind the last one.</summary>
    public static IdPlace Find(Arena arena, in CountedTreeRoot root, StreamId id)
    {
        if (root.Count == 0) return default;
        TreeCursor cursor = IdDescent.Find(arena, in root, id);
        int offset = OffsetIn(Records(arena, cursor.Leaf), id);
        if (offset == Count(arena, cursor.Leaf))
        {
            TreeCursor next = cursor;
            if (CountedTree.TryNext(arena, ref next)) return new IdPlace(next, 0);
        }
        return new IdPlace(cursor, offset);
    }

    /// <summary>The place of a record; false if it is not there.</summary>
    public static bool TryFind(Arena arena, in CountedTreeRoot root, StreamId id, out IdPlace place)
    {
        place = Find(arena, in root, id);
        return root.Count > 0 && place.Offset < Count(arena, place.Cursor.Leaf) && At(arena, place).Id == id;
    }

    /// <summary>The record at a place. Who changes it calls <see cref="Edit"/>.</summary>
    public static ref readonly TRecord At(Arena arena, in IdPlace place) => ref Records(arena, place.Cursor.Leaf)[place.Offset];

    /// <summary>The record at a place, to be changed, but for its identifier.</summary>
    public static ref TRecord Edit(Arena arena, in IdPlace place)
    {
        arena.BeforeChange(place.Cursor.Leaf);
        return ref Records(arena, place.Cursor.Leaf)[place.Offset];
    }

    /// <summary>Goes to the record behind; false after the last.</summary>
    public static bool TryNext(Arena arena, ref IdPlace place)
    {
        if (place.Offset + 1 < Count(arena, place.Cursor.Leaf))
        {
            place = place with { Offset = place.Offset + 1 };
            return true;
        }
        TreeCursor cursor = place.Cursor;
        if (!CountedTree.TryNext(arena, ref cursor)) return false;
        place = new IdPlace(cursor, 0);
        return true;
    }

    /// <summary>There is a record at the place.</summary>
    public static bool Exists(Arena arena, in CountedTreeRoot root, in IdPlace place) =>
        root.Count > 0 && place.Offset < Count(arena, place.Cursor.Leaf);

    /// <summary>The lowest record; there is one.</summary>
    public static TRecord First(Arena arena, in CountedTreeRoot root) => Records(arena, CountedTree.First(arena, in root).Leaf)[0];

    /// <summary>The highest record; there is one.</summary>
    public static TRecord Last(Arena arena, in CountedTreeRoot root) => Records(arena, CountedTree.Last(arena, in root).Leaf)[^1];

    /// <summary>Adds a record, which is not there.</summary>
    public static void Insert(Arena arena, ref CountedTreeRoot root, TRecord record)
    {
        if (root.Count == 0)
        {
            CountedTree.Insert(arena, ref root, default, MakeLeaf(arena, [record]), 1, after: true);
            return;
        }
        TreeCursor cursor = IdDescent.Find(arena, in root, record.Id);
        Span<TRecord> records = Records(arena, cursor.Leaf);
        int offset = OffsetIn(records, record.Id);
        if (records.Length < LeafMax)
        {
            InsertInto(arena, ref root, ref cursor, offset, record);
            return;
        }
        TreeCursor next = cursor;
        if (offset == records.Length && !CountedTree.TryNext(arena, ref next))
        {
            CountedTree.Insert(arena, ref root, in cursor, MakeLeaf(arena, [record]), 1, after: true, record.Id.Ms);
            return;
        }
        Split(arena, ref root, in cursor);
        Insert(arena, ref root, record);
    }

    /// <summary>Takes the record at this place out. Places are stale then.</summary>
    public static void Remove(Arena arena, ref CountedTreeRoot root, in IdPlace place)
    {
        TreeCursor cursor = place.Cursor;
        Span<TRecord> records = Records(arena, cursor.Leaf);
        arena.BeforeChange(cursor.Leaf);
        if (records.Length == 1)
        {
            CountedTree.Remove(arena, ref root, in cursor, 1);
            arena.Free(cursor.Leaf);
            return;
        }
        records[(place.Offset + 1)..].CopyTo(records[place.Offset..]);
        SetCount(arena, cursor.Leaf, records.Length - 1);
        CountedTree.AddCount(arena, ref root, in cursor, -1);
        if (records.Length - 1 < LeafMax / 5) TryMerge(arena, ref root, cursor);
    }

    /// <summary>Frees leaves from the end on, and lowers the budget by what that costs; true when nothing is left.</summary>
    public static bool Drop(Arena arena, ref CountedTreeRoot root, ref int budget)
    {
        while (root.Count > 0 && budget > 0)
        {
            TreeCursor cursor = CountedTree.Last(arena, in root);
            budget--;
            CountedTree.Remove(arena, ref root, in cursor, Count(arena, cursor.Leaf));
            arena.BeforeChange(cursor.Leaf);
            arena.Free(cursor.Leaf);
        }
        return root.Count == 0;
    }

    public static CountedTreeRoot Copy(Arena arena, in CountedTreeRoot root)
    {
        var copy = new CountedTreeRoot();
        if (root.Count == 0) return copy;
        TreeCursor cursor = CountedTree.First(arena, in root);
        do
        {
            ReadOnlySpan<TRecord> records = Records(arena, cursor.Leaf);
            BlockRef leaf = MakeLeaf(arena, records);
            TreeCursor end = copy.Count == 0 ? default : CountedTree.Last(arena, in copy);
            CountedTree.Insert(arena, ref copy, in end, leaf, records.Length, after: true, records[0].Id.Ms);
        }
        while (CountedTree.TryNext(arena, ref cursor));
        return copy;
    }

    /// <summary>The bytes of its blocks, by so many of the leaves (0: all).</summary>
    public static long MemoryBytes(Arena arena, in CountedTreeRoot root, int samples)
    {
        if (root.Count == 0) return 0;
        long bytes = 0;
        long met = 0;
        int leaves = 0;
        TreeCursor cursor = CountedTree.First(arena, in root);
        do
        {
            bytes += arena.SizeOf(cursor.Leaf);
            met += Records(arena, cursor.Leaf).Length;
            leaves++;
        }
        while (leaves != samples && CountedTree.TryNext(arena, ref cursor));
        return CountedTree.OwnBytes(arena, in root) + Sampling.OfAll(bytes, root.Count, met);
    }

    private static int OffsetIn(ReadOnlySpan<TRecord> records, StreamId id)
    {
        int low = 0;
        int high = records.Length;
        // Most are added at the end.
        if (high > 0 && records[high - 1].Id < id) return high;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (records[middle].Id < id) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static void InsertInto(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, int offset, TRecord record)
    {
        Span<TRecord> records = Records(arena, cursor.Leaf);
        int count = records.Length + 1;
        arena.BeforeChange(cursor.Leaf);
        if (HeadBytes + (count * RecordBytes) > arena.SizeOf(cursor.Leaf))
        {
            BlockRef larger = arena.Allocate(HeadBytes + (Math.Min(count + (count / 4), LeafMax) * RecordBytes));
            arena.Span(cursor.Leaf, HeadBytes + (records.Length * RecordBytes)).CopyTo(arena.Span(larger));
            arena.Free(cursor.Leaf);
            CountedTree.Replace(arena, ref root, ref cursor, larger);
        }
        SetCount(arena, cursor.Leaf, count);
        records = Records(arena, cursor.Leaf);
        records[offset..^1].CopyTo(records[(offset + 1)..]);
        records[offset] = record;
        if (record.Id < LowOf(arena, cursor.Leaf)) SetLow(arena, cursor.Leaf, record.Id);
        CountedTree.AddCount(arena, ref root, in cursor, 1);
    }

    private static void Split(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor)
    {
        Span<TRecord> records = Records(arena, cursor.Leaf);
        int moved = records.Length / 2;
        Span<TRecord> upper = records[^moved..];
        BlockRef leaf = MakeLeaf(arena, upper);
        arena.BeforeChange(cursor.Leaf);
        SetCount(arena, cursor.Leaf, records.Length - moved);
        CountedTree.AddCount(arena, ref root, in cursor, -moved);
        CountedTree.Insert(arena, ref root, in cursor, leaf, moved, after: true, upper[0].Id.Ms);
    }

    /// <summary>Moves the records of a leaf behind those of the one before it, if both together leave room.</summary>
    private static void TryMerge(Arena arena, ref CountedTreeRoot root, TreeCursor cursor)
    {
        TreeCursor lower = cursor;
        TreeCursor upper = cursor;
        int most = LeafMax * 3 / 4;
        if (CountedTree.TryPrevious(arena, ref lower) && Count(arena, lower.Leaf) + Count(arena, cursor.Leaf) <= most)
            Merge(arena, ref root, lower, cursor);
        else if (CountedTree.TryNext(arena, ref upper) && Count(arena, cursor.Leaf) + Count(arena, upper.Leaf) <= most)
            Merge(arena, ref root, cursor, upper);
    }

    private static void Merge(Arena arena, ref CountedTreeRoot root, TreeCursor lower, TreeCursor upper)
    {
        Span<TRecord> first = Records(arena, lower.Leaf);
        Span<TRecord> second = Records(arena, upper.Leaf);
        BlockRef merged = arena.Allocate(HeadBytes + ((first.Length + second.Length) * RecordBytes));
        arena.Span(lower.Leaf, HeadBytes + (first.Length * RecordBytes)).CopyTo(arena.Span(merged));
        SetCount(arena, merged, first.Length + second.Length);
        second.CopyTo(Records(arena, merged)[first.Length..]);
        int moved = second.Length;
        arena.BeforeChange(lower.Leaf);
        arena.Free(lower.Leaf);
        CountedTree.Replace(arena, ref root, ref lower, merged);
        CountedTree.AddCount(arena, ref root, in lower, moved);
        CountedTree.Remove(arena, ref root, in upper, moved);
        arena.BeforeChange(upper.Leaf);
        arena.Free(upper.Leaf);
    }

    private static BlockRef MakeLeaf(Arena arena, ReadOnlySpan<TRecord> records)
    {
        BlockRef leaf = arena.Allocate(HeadBytes + (records.Length * RecordBytes));
        SetLow(arena, leaf, records[0].Id);
        SetCount(arena, leaf, records.Length);
        records.CopyTo(Records(arena, leaf));
        return leaf;
    }

    private static Span<TRecord> Records(Arena arena, BlockRef leaf) =>
        MemoryMarshal.Cast<byte, TRecord>(arena.Span(leaf, HeadBytes + (Count(arena, leaf) * RecordBytes))[HeadBytes..]);

    private static int Count(Arena arena, BlockRef leaf) => (int)arena.Words(leaf, HeadBytes / sizeof(ulong))[2];

    private static void SetCount(Arena arena, BlockRef leaf, int count) => arena.Words(leaf, HeadBytes / sizeof(ulong))[2] = (ulong)count;

    private static StreamId LowOf(Arena arena, BlockRef leaf)
    {
        Span<ulong> head = arena.Words(leaf, HeadBytes / sizeof(ulong));
        return new StreamId(head[0], head[1]);
    }

    private static void SetLow(Arena arena, BlockRef leaf, StreamId id)
    {
        Span<ulong> head = arena.Words(leaf, HeadBytes / sizeof(ulong));
        (head[0], head[1]) = (id.Ms, id.Seq);
    }
}

/// <summary>A place in an <see cref="IdTree{TRecord}"/>: a leaf, and a record's number in it. Valid until the tree changes.</summary>
internal readonly record struct IdPlace(TreeCursor Cursor, int Offset);
