using Galley.Resp.Protocol;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// Streams, for those who do not want to know how they lie in memory. Key is a stream, or is absent where that is said. An
/// empty stream stays.
/// </summary>
internal static class StreamValue
{
    public static ref readonly StreamHead Head(in Key key) => ref StreamRoot.Head(key.Root);

    public static ref readonly StreamHead Head(CollectionView stream) => ref StreamRoot.Head(stream.Root);

    /// <summary>Makes the key an empty stream. It is absent.</summary>
    public static void Create(ref Key key) =>
        key.PlaceRoot(KeyType.Stream, ValueForm.Rooted(ValueEncoding.Stream), Database.NoExpiry);

    public static long Length(in Key key) => key.Exists ? Head(in key).Entries.Count : 0;

    /// <summary>The lowest identifier there, or 0-0.</summary>
    public static StreamId FirstId(in Key key) => FirstId(key.View);

    /// <summary>As the other, of a stream that is there.</summary>
    public static StreamId FirstId(CollectionView stream)
    {
        StreamWalk walk = Walk(stream, StreamId.Min, StreamId.Max);
        return walk.TryNext(out StreamEntry entry) ? entry.Id : StreamId.Min;
    }

    public static bool Contains(in Key key, StreamId id) => StreamTree.Contains(key.Memory, in Head(in key).Entries, id);

    /// <summary>A walk over the entries between two identifiers, both included.</summary>
    public static StreamWalk Walk(in Key key, StreamId from, StreamId to, bool isBackward = false) => Walk(key.View, from, to, isBackward);

    /// <summary>As the other, of a stream that is there.</summary>
    public static StreamWalk Walk(CollectionView stream, StreamId from, StreamId to, bool isBackward = false) =>
        new(stream.Memory, in Head(stream).Entries, from, to, isBackward);

    /// <summary>Adds an entry whose identifier is above the last one given; its words are pairs of field and value.</summary>
    public static void Append(ref Key key, StreamId id, in Arguments words, int first, int fields, long textBytes)
    {
        using LeafEdit edit = key.EditLeaves();
        ref StreamHead head = ref StreamRoot.Head(edit.Root);
        var limits = new StreamNodeLimits(key.Settings.StreamNodeBytesMax, key.Settings.StreamNodeEntriesMax);
        StreamTree.Append(key.Memory, ref head.Entries, id, in words, first, fields, textBytes, limits);
        head.LastId = id;
        head.EntriesAdded++;
    }

    /// <summary>Adds a whole node from outside, which was checked and lies behind all others.</summary>
    public static void AppendNode(ref Key key, StreamId node, scoped ReadOnlySpan<byte> pack, long count)
    {
        using LeafEdit edit = key.EditLeaves();
        StreamTree.AppendNode(key.Memory, ref StreamRoot.Head(edit.Root).Entries, node, pack, count);
    }

    /// <summary>Takes an entry out; false if it is not there.</summary>
    public static bool Remove(ref Key key, StreamId id)
    {
        using LeafEdit edit = key.EditLeaves();
        ref StreamHead head = ref StreamRoot.Head(edit.Root);
        if (!StreamTree.Remove(key.Memory, ref head.Entries, id)) return false;
        if (id > head.MaxDeletedId) head.MaxDeletedId = id;
        return true;
    }

    /// <summary>Takes out entries from the first on; returns how many.</summary>
    public static long Trim(ref Key key, in StreamTrim trim)
    {
        using LeafEdit edit = key.EditLeaves();
        return StreamTree.Trim(key.Memory, ref StreamRoot.Head(edit.Root).Entries, in trim);
    }

    /// <summary>What the stream says of its past, where it is told rather than known (XSETID, RDB).</summary>
    public static void SetPast(ref Key key, StreamId lastId, StreamId maxDeletedId, long entriesAdded)
    {
        ref StreamHead head = ref StreamRoot.Head(key.EditRoot());
        (head.LastId, head.MaxDeletedId, head.EntriesAdded) = (lastId, maxDeletedId, entriesAdded);
    }

    public static int GroupCount(in Key key) => Head(in key).Groups.Count;

    /// <summary>The group at this place in the order of the names.</summary>
    public static StreamGroup GroupAt(in Key key, int index) => GroupAt(key.View, index);

    /// <summary>As the other, of a stream that is there.</summary>
    public static StreamGroup GroupAt(CollectionView stream, int index) =>
        new(stream.Memory, NamedBlocks<GroupHead>.InOrder(stream.Memory, in Head(stream).Groups, index));

    public static bool TryFindGroup(scoped in Key key, scoped ReadOnlySpan<byte> name, out StreamGroup group)
    {
        group = default;
        if (!key.Exists || !NamedBlocks<GroupHead>.TryFind(key.Memory, in Head(in key).Groups, name, out BlockRef block, out _)) return false;
        group = new StreamGroup(key.Memory, block);
        return true;
    }

    /// <summary>As <see cref="TryFindGroup"/>, to be changed.</summary>
    public static bool TryEditGroup(scoped ref Key key, scoped ReadOnlySpan<byte> name, out StreamGroup group)
    {
        if (!TryFindGroup(in key, name, out group)) return false;
        key.EditRoot();
        return true;
    }

    /// <summary>Adds a group that reads on behind this entry; false if there is one of that name.</summary>
    public static bool TryAddGroup(scoped ref Key key, scoped ReadOnlySpan<byte> name, StreamId lastDelivered, long entriesRead, out StreamGroup group)
    {
        bool isThere = NamedBlocks<GroupHead>.TryFind(key.Memory, in Head(in key).Groups, name, out BlockRef block, out int index);
        if (!isThere) block = NamedBlocks<GroupHead>.Add(key.Memory, ref StreamRoot.Head(key.EditRoot()).Groups, index, name);
        group = new StreamGroup(key.Memory, block);
        if (!isThere) group.SetLastDelivered(lastDelivered, entriesRead);
        return !isThere;
    }

    /// <summary>Removes a group with all that it knows; false if it is not there.</summary>
    public static bool RemoveGroup(ref Key key, ReadOnlySpan<byte> name)
    {
        if (!NamedBlocks<GroupHead>.TryFind(key.Memory, in Head(in key).Groups, name, out BlockRef block, out int index)) return false;
        ref StreamHead head = ref StreamRoot.Head(key.EditRoot());
        int budget = int.MaxValue;
        StreamRoot.DropGroup(key.Memory, ref NamedBlocks<GroupHead>.Edit(key.Memory, block), ref budget);
        NamedBlocks<GroupHead>.Remove(key.Memory, ref head.Groups, index);
        return true;
    }
}
