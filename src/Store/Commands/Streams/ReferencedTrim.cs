using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>Deletes entries with regard to what consumer groups know of them (DELREF, ACKED).</summary>
internal static class ReferencedTrim
{
    /// <summary>Trims a stream entry by entry. What a group has still to read or to acknowledge stays, if that is the rule.</summary>
    public static long Apply(ref Key key, in StreamTrim trim, ReferenceRule rule)
    {
        long excess = trim.IsByLength ? Math.Max(0, StreamValue.Length(in key) - trim.Length) : long.MaxValue;
        long limit = trim.Limit > 0 ? Math.Min(trim.Limit, excess) : excess;
        long deleted = 0;
        StreamId from = StreamId.Min;
        while (deleted < limit && TryFirst(in key, from, out StreamId id))
        {
            if (!trim.IsByLength && id >= trim.LowestKept) break;
            if (TryDelete(ref key, id, rule)) deleted++;
            if (!id.TryNext(out from)) break;
        }
        return deleted;
    }

    /// <summary>Deletes an entry that is there, if the rule lets it.</summary>
    public static bool TryDelete(ref Key key, StreamId id, ReferenceRule rule)
    {
        if (rule == ReferenceRule.Acknowledged && IsAwaited(in key, id)) return false;
        if (rule == ReferenceRule.Delete) Forget(ref key, id);
        return StreamValue.Remove(ref key, id);
    }

    /// <summary>Takes an entry out of what is pending in every group; false if it was pending in none.</summary>
    public static bool Forget(ref Key key, StreamId id)
    {
        key.EditRoot();
        bool wasPending = false;
        for (int i = 0; i < StreamValue.GroupCount(in key); i++) wasPending |= StreamValue.GroupAt(in key, i).Acknowledge(id);
        return wasPending;
    }

    /// <summary>Some group has not read the entry, or not acknowledged it.</summary>
    public static bool IsAwaited(in Key key, StreamId id)
    {
        for (int i = 0; i < StreamValue.GroupCount(in key); i++)
        {
            StreamGroup group = StreamValue.GroupAt(in key, i);
            if (group.Head.LastDelivered < id || group.TryGetPending(id, out _)) return true;
        }
        return false;
    }

    private static bool TryFirst(in Key key, StreamId from, out StreamId id)
    {
        StreamWalk walk = StreamValue.Walk(in key, from, StreamId.Max);
        bool isThere = walk.TryNext(out StreamEntry entry);
        id = entry.Id;
        return isThere;
    }
}
