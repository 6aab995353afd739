using Galley.Resp.Protocol;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>How full a node of a stream may be.</summary>
/// <param name="Bytes">With redis-server's frame; 0: as many as a node can have.</param>
/// <param name="Entries">Deleted ones included; 0: as many as the bytes allow.</param>
internal readonly record struct StreamNodeLimits(long Bytes, long Entries);

/// <summary>
/// The entries of a stream: nodes of packed entries (<see cref="StreamLeaf"/>) in a <see cref="CountedTree"/> in the order of
/// their keys. redis-server has a radix tree of the same nodes; this one takes 24 bytes for a node, finds an identifier
/// in one block a level, and counts what lies before it on its way.
/// </summary>
internal static class StreamTree
{
    /// <summary>Adds an entry whose identifier is above all others; its words are pairs of field and value.</summary>
    public static void Append(
        Arena arena, ref CountedTreeRoot root, StreamId id, in Arguments words, int first, int fields, long textBytes, StreamNodeLimits limits)
    {
        if (root.Top == 0)
        {
            CountedTree.Insert(arena, ref root, default, MakeNode(arena, id, in words, first, fields), 1, after: true);
            return;
        }
        TreeCursor cursor = CountedTree.Last(arena, in root);
        Span<byte> pack = StreamLeaf.Pack(arena, cursor.Leaf);
        if (IsFull(pack, textBytes, limits))
        {
            BlockRef fitting = StreamLeaf.Fit(arena, cursor.Leaf);
            if (fitting != cursor.Leaf) CountedTree.Replace(arena, ref root, ref cursor, fitting);
            CountedTree.Insert(arena, ref root, in cursor, MakeNode(arena, id, in words, first, fields), 1, after: true, id.Ms);
            return;
        }
        StreamId key = StreamLeaf.KeyOf(arena, cursor.Leaf);
        bool hasSameFields = StreamPack.HasSameFields(pack, in words, first, fields);
        int size = StreamPack.EntrySize(key, id, in words, first, fields, hasSameFields);
        SetCounts(arena, ref root, ref cursor, StreamPack.Count(pack) + 1, StreamPack.Deleted(pack));
        int end = StreamLeaf.Pack(arena, cursor.Leaf).Length;
        Resize(arena, ref root, ref cursor, end + size);
        StreamPack.WriteEntry(StreamLeaf.Pack(arena, cursor.Leaf)[end..], key, id, in words, first, fields, hasSameFields);
        CountedTree.AddCount(arena, ref root, in cursor, 1);
    }

    /// <summary>Adds a node that was checked (<see cref="StreamPack.IsValid"/>), whose key is above all entries.</summary>
    public static void AppendNode(Arena arena, ref CountedTreeRoot root, StreamId key, ReadOnlySpan<byte> pack, long count)
    {
        BlockRef leaf = StreamLeaf.Make(arena, key, pack.Length);
        pack.CopyTo(StreamLeaf.Pack(arena, leaf));
        TreeCursor end = root.Top == 0 ? default : CountedTree.Last(arena, in root);
        CountedTree.Insert(arena, ref root, in end, leaf, count, after: true, key.Ms);
    }

    /// <summary>Takes an entry out; false if it is not there.</summary>
    public static bool Remove(Arena arena, ref CountedTreeRoot root, StreamId id)
    {
        if (root.Top == 0) return false;
        TreeCursor cursor = IdDescent.Find(arena, in root, id);
        if (!TryFind(arena, cursor.Leaf, id, out StreamEntry entry)) return false;
        Span<byte> pack = StreamLeaf.Pack(arena, cursor.Leaf);
        if (StreamPack.Count(pack) == 1) RemoveNode(arena, ref root, in cursor);
        else
        {
            arena.BeforeChange(cursor.Leaf);
            MarkDeleted(pack, entry.At);
            SetCounts(arena, ref root, ref cursor, StreamPack.Count(pack) - 1, StreamPack.Deleted(pack) + 1);
            CountedTree.AddCount(arena, ref root, in cursor, -1);
        }
        return true;
    }

    public static bool Contains(Arena arena, in CountedTreeRoot root, StreamId id) =>
        root.Top != 0 && TryFind(arena, IdDescent.Find(arena, in root, id).Leaf, id, out _);

    /// <summary>
    /// Takes out entries from the first on: those below the lowest that stays, or so many that this length stays. Where it
    /// may be done approximately only whole nodes go, and no more entries than the limit (0: all).
    /// </summary>
    /// <returns>How many are gone.</returns>
    public static long Trim(Arena arena, ref CountedTreeRoot root, in StreamTrim trim)
    {
        long deleted = 0;
        while (root.Top != 0)
        {
            if (trim.IsByLength && root.Count <= trim.Length) break;
            TreeCursor cursor = CountedTree.First(arena, in root);
            long count = StreamPack.Count(StreamLeaf.Pack(arena, cursor.Leaf));
            if (trim.Limit > 0 && deleted + count > trim.Limit) break;
            StreamId key = StreamLeaf.KeyOf(arena, cursor.Leaf);
            bool goesWhole = trim.IsByLength ? root.Count - count >= trim.Length : key < trim.LowestKept && LastIn(arena, cursor.Leaf) < trim.LowestKept;
            if (goesWhole)
            {
                RemoveNode(arena, ref root, in cursor);
                deleted += count;
                continue;
            }
            if (trim.IsApproximate) break;
            deleted += TrimNode(arena, ref root, ref cursor, in trim);
            break;
        }
        return deleted;
    }

    /// <summary>
    /// Frees nodes from the end on, and lowers the budget by what that costs; true when nothing is left. The tree is not of
    /// use otherwise any more.
    /// </summary>
    public static bool Drop(Arena arena, ref CountedTreeRoot root, ref int budget)
    {
        const int NodeCost = 4;
        while (root.Top != 0 && budget > 0)
        {
            TreeCursor cursor = CountedTree.Last(arena, in root);
            budget -= NodeCost;
            RemoveNode(arena, ref root, in cursor);
        }
        return root.Top == 0;
    }

    public static CountedTreeRoot Copy(Arena arena, in CountedTreeRoot root)
    {
        var copy = new CountedTreeRoot();
        if (root.Top == 0) return copy;
        TreeCursor cursor = CountedTree.First(arena, in root);
        do
        {
            BlockRef leaf = StreamLeaf.Copy(arena, cursor.Leaf);
            TreeCursor end = copy.Top == 0 ? default : CountedTree.Last(arena, in copy);
            long count = StreamPack.Count(StreamLeaf.Pack(arena, leaf));
            CountedTree.Insert(arena, ref copy, in end, leaf, count, after: true, StreamLeaf.KeyOf(arena, leaf).Ms);
        }
        while (CountedTree.TryNext(arena, ref cursor));
        return copy;
    }

    /// <summary>How many nodes there are; it walks over all of them.</summary>
    public static long NodeCount(Arena arena, in CountedTreeRoot root)
    {
        if (root.Top == 0) return 0;
        long count = 0;
        TreeCursor cursor = CountedTree.First(arena, in root);
        do count++;
        while (CountedTree.TryNext(arena, ref cursor));
        return count;
    }

    /// <summary>The bytes of its blocks, by about so many of the nodes (0: all).</summary>
    public static long MemoryBytes(Arena arena, in CountedTreeRoot root, int samples)
    {
        if (root.Top == 0) return 0;
        long bytes = 0;
        long met = 0;
        int nodes = 0;
        TreeCursor cursor = CountedTree.First(arena, in root);
        do
        {
            bytes += StreamLeaf.MemoryBytes(arena, cursor.Leaf);
            met += StreamPack.Count(StreamLeaf.Pack(arena, cursor.Leaf));
            nodes++;
        }
        while ((samples == 0 || nodes < samples) && CountedTree.TryNext(arena, ref cursor));
        return CountedTree.OwnBytes(arena, in root) + (met > 0 ? Sampling.OfAll(bytes, root.Count, met) : bytes);
    }

    private static bool TryFind(Arena arena, BlockRef leaf, StreamId id, out StreamEntry entry)
    {
        ReadOnlySpan<byte> pack = StreamLeaf.Pack(arena, leaf);
        StreamId key = StreamLeaf.KeyOf(arena, leaf);
        int fieldsAt = StreamPack.MasterFields(pack, out long fields);
        for (int at = StreamPack.FirstEntry(pack); at < pack.Length; at = entry.End)
        {
            entry = StreamPack.EntryAt(pack, key, fieldsAt, fields, at);
            if (entry.Id >= id) return entry.Id == id && !entry.IsDeleted;
        }
        entry = default;
        return false;
    }

    /// <summary>The highest identifier in a node, deleted ones included.</summary>
    private static StreamId LastIn(Arena arena, BlockRef leaf)
    {
        ReadOnlySpan<byte> pack = StreamLeaf.Pack(arena, leaf);
        int fieldsAt = StreamPack.MasterFields(pack, out long fields);
        return StreamPack.EntryAt(pack, StreamLeaf.KeyOf(arena, leaf), fieldsAt, fields, StreamPack.EntryBefore(pack, pack.Length)).Id;
    }

    /// <summary>Takes out entries of a node that keeps some.</summary>
    private static long TrimNode(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, in StreamTrim trim)
    {
        Span<byte> pack = StreamLeaf.Pack(arena, cursor.Leaf);
        StreamId key = StreamLeaf.KeyOf(arena, cursor.Leaf);
        int fieldsAt = StreamPack.MasterFields(pack, out long fields);
        long deleted = 0;
        for (int at = StreamPack.FirstEntry(pack); at < pack.Length;)
        {
            StreamEntry entry = StreamPack.EntryAt(pack, key, fieldsAt, fields, at);
            if (trim.IsByLength ? root.Count - deleted <= trim.Length : entry.Id >= trim.LowestKept) break;
            if (!entry.IsDeleted)
            {
                if (deleted++ == 0) arena.BeforeChange(cursor.Leaf);
                MarkDeleted(pack, at);
            }
            at = entry.End;
        }
        if (deleted == 0) return 0;
        SetCounts(arena, ref root, ref cursor, StreamPack.Count(pack) - deleted, StreamPack.Deleted(pack) + deleted);
        CountedTree.AddCount(arena, ref root, in cursor, -deleted);
        return deleted;
    }

    private static bool IsFull(ReadOnlySpan<byte> pack, long textBytes, StreamNodeLimits limits)
    {
        long bytesMax = limits.Bytes is <= 0 or > StreamPack.BytesMax ? StreamPack.BytesMax : limits.Bytes;
        if (ListPackFrame.Bytes + pack.Length + textBytes >= bytesMax) return true;
        return limits.Entries > 0 && StreamPack.Count(pack) + StreamPack.Deleted(pack) >= limits.Entries;
    }

    private static BlockRef MakeNode(Arena arena, StreamId id, in Arguments words, int first, int fields)
    {
        int master = StreamPack.MasterSize(in words, first, fields);
        int entry = StreamPack.EntrySize(id, id, in words, first, fields, hasSameFields: true);
        BlockRef leaf = StreamLeaf.Make(arena, id, master + entry);
        Span<byte> pack = StreamLeaf.Pack(arena, leaf);
        StreamPack.WriteMaster(pack, in words, first, fields);
        StreamPack.WriteEntry(pack[master..], id, id, in words, first, fields, hasSameFields: true);
        return leaf;
    }

    private static void MarkDeleted(Span<byte> pack, int at) =>
        ListPack.Write(pack[at..], ListPack.Read(pack, at).Integer | StreamPack.DeletedFlag);

    /// <summary>Writes the two counts at a node's head, which may take more or fewer bytes than before.</summary>
    private static void SetCounts(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, long count, long deleted)
    {
        Span<byte> pack = StreamLeaf.Pack(arena, cursor.Leaf);
        int oldBytes = ListPack.Skip(pack, 0, 2);
        int newBytes = ListPack.SizeOf(count) + ListPack.SizeOf(deleted);
        int length = pack.Length;
        arena.BeforeChange(cursor.Leaf);
        if (newBytes < oldBytes) pack[oldBytes..].CopyTo(pack[newBytes..]);
        if (newBytes != oldBytes) Resize(arena, ref root, ref cursor, length + newBytes - oldBytes);
        pack = StreamLeaf.Pack(arena, cursor.Leaf);
        if (newBytes > oldBytes) pack[oldBytes..length].CopyTo(pack[newBytes..]);
        int at = ListPack.Write(pack, count);
        ListPack.Write(pack[at..], deleted);
    }

    private static void Resize(Arena arena, ref CountedTreeRoot root, ref TreeCursor cursor, int bytes)
    {
        BlockRef leaf = StreamLeaf.Resize(arena, cursor.Leaf, bytes);
        if (leaf != cursor.Leaf) CountedTree.Replace(arena, ref root, ref cursor, leaf);
    }

    private static void RemoveNode(Arena arena, ref CountedTreeRoot root, in TreeCursor cursor)
    {
        CountedTree.Remove(arena, ref root, in cursor, StreamPack.Count(StreamLeaf.Pack(arena, cursor.Leaf)));
        StreamLeaf.Free(arena, cursor.Leaf);
    }
}

/// <summary>What is to stay of a stream.</summary>
/// <param name="IsByLength">The length that stays counts, else the lowest identifier that does.</param>
/// <param name="IsApproximate">Only whole nodes go.</param>
/// <param name="Limit">Of the approximate form: no more entries go than these; 0: as many as there are.</param>
internal readonly record struct StreamTrim(bool IsByLength, long Length, StreamId LowestKept, bool IsApproximate, long Limit);
