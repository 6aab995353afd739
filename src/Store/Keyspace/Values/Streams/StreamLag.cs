using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// How far a group is behind, as redis-server 7.0 tells it: by counting entries added and read, which cannot be told where
/// entries were deleted between.
/// </summary>
internal static class StreamLag
{
    /// <summary>Entries that the group has still to read; false where that cannot be told.</summary>
    public static bool TryGet(in Key key, StreamGroup group, out long lag)
    {
        StreamHead stream = StreamValue.Head(in key);
        GroupHead head = group.Head;
        lag = 0;
        if (stream.EntriesAdded == 0) return true;
        long read = head.EntriesRead != StreamGroup.EntriesUnknown && !HasTombstones(in key, head.LastDelivered)
            ? head.EntriesRead
            : DistanceFromFirst(in key, head.LastDelivered);
        if (read == StreamGroup.EntriesUnknown) return false;
        lag = stream.EntriesAdded - read;
        return true;
    }

    /// <summary>Something was deleted at this identifier or behind it, and behind the first entry that is there.</summary>
    public static bool HasTombstones(in Key key, StreamId from)
    {
        StreamHead stream = StreamValue.Head(in key);
        return stream.Entries.Count > 0 && stream.MaxDeletedId != StreamId.Min && from <= stream.MaxDeletedId
            && StreamValue.FirstId(in key) <= stream.MaxDeletedId;
    }

    /// <summary>How many entries were ever added up to this one, or <see cref="StreamGroup.EntriesUnknown"/>.</summary>
    public static long DistanceFromFirst(in Key key, StreamId id)
    {
        StreamHead stream = StreamValue.Head(in key);
        if (stream.EntriesAdded == 0) return 0;
        if (stream.Entries.Count == 0 && id <= stream.LastId) return stream.EntriesAdded;
        if (id == stream.LastId) return stream.EntriesAdded;
        if (id > stream.LastId) return StreamGroup.EntriesUnknown;
        StreamId first = StreamValue.FirstId(in key);
        bool hasHole = stream.MaxDeletedId != StreamId.Min && stream.MaxDeletedId >= first;
        if (hasHole || id > first) return StreamGroup.EntriesUnknown;
        return stream.EntriesAdded - stream.Entries.Count + (id == first ? 1 : 0);
    }
}
