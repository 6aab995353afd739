using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XCLAIM and XAUTOCLAIM: pending entries that their consumer has left lying become another's.</summary>
internal static class XClaim
{
    private const long CountDefault = 100;

    /// <summary>redis-server holds the identifiers of deleted entries in an array, whose length it bounds so.</summary>
    private const long CountMax = long.MaxValue / StreamId.BinaryBytes;

    /// <summary>XAUTOCLAIM looks at so many pending entries for each that it may give.</summary>
    private const long LooksPerEntry = 10;

    [Command("XCLAIM", "key group consumer min-idle-time id... [IDLE ms:integer] [TIME unix-time-milliseconds:unix-time] [RETRYCOUNT count:integer] [FORCE] [JUSTID] [LASTID id]",
        Group.Stream, Flags.Write | Flags.Fast, Since = "5.0.0", Cost = "O(log N) for each identifier", Tips = "nondeterministic_output",
        Summary = "Makes pending entries a consumer's, if they were idle long enough.")]
    public static void Claim(Execution x)
    {
        if (!TryOpen(x, out Key key, out StreamGroup group, out long idleMs, "ERR Invalid min-idle-time argument for XCLAIM"u8)) return;
        if (!ClaimOptions.TryRead(x, out ClaimOptions options)) return;
        bool hasMoved = options.LastId > group.Head.LastDelivered;
        if (hasMoved)
        {
            group.SetLastDelivered(options.LastId, group.Head.EntriesRead);
            x.ChangedBeside(in key);
        }
        StreamConsumer consumer = GroupArgument.GetOrAddConsumer(x, in key, group, x.Args[3]);
        Deferred start = x.Reply.BeginDeferred();
        int sent = 0;
        for (int i = 0; i < options.IdCount; i++)
        {
            StreamArgument.TryId(x, ClaimOptions.FirstId + i, out StreamId id);
            if (TryClaim(x, in key, group, consumer, id, idleMs, in options)) sent++;
        }
        x.Reply.EndArray(start, sent);
        if (hasMoved) ClaimEffects.Position(x, in key, group);
    }

    [Command("XAUTOCLAIM", "key group consumer min-idle-time start [COUNT count:integer] [JUSTID]", Group.Stream, Flags.Write | Flags.Fast, Since = "6.2.0",
        Cost = "O(1) if COUNT is small", Keys = "RW DELETE", Tips = "nondeterministic_output",
        Summary = "Finds pending entries that were idle long enough, and makes them a consumer's.")]
    public static void AutoClaim(Execution x)
    {
        if (!x.TryInteger(4, out long idleMs, "ERR Invalid min-idle-time argument for XAUTOCLAIM"u8)) return;
        if (!StreamArgument.TryStart(x, 5, out StreamId from)) return;
        if (!TryReadAutoOptions(x, out long count, out bool isJustId)) return;
        if (!GroupArgument.TryEdit(x, out Key key, out StreamGroup group)) return;
        StreamConsumer consumer = GroupArgument.GetOrAddConsumer(x, in key, group, x.Args[3]);
        var deleted = new List<StreamId>();
        x.Reply.Array(3);
        // The cursor comes first, and is known last.
        List<StreamId> given = Take(x, in key, group, Math.Max(idleMs, 0), from, count, deleted, out StreamId cursor);
        StreamReply.Id(x.Reply, cursor);
        x.Reply.Array(given.Count);
        foreach (StreamId id in given) Give(x, in key, group, consumer, id, isJustId);
        x.Reply.Array(deleted.Count);
        foreach (StreamId id in deleted) StreamReply.Id(x.Reply, id);
    }

    private static bool TryOpen(Execution x, out Key key, out StreamGroup group, out long idleMs, ReadOnlySpan<byte> error)
    {
        idleMs = 0;
        if (!GroupArgument.TryEdit(x, out key, out group) || !x.TryInteger(4, out idleMs, error)) return false;
        idleMs = Math.Max(idleMs, 0);
        return true;
    }

    /// <summary>Claims an entry, and replies with it; false if it is not to be had.</summary>
    private static bool TryClaim(
        Execution x, in Key key, StreamGroup group, StreamConsumer consumer, StreamId id, long idleMs, in ClaimOptions options)
    {
        bool isPending = group.TryGetPending(id, out PendingEntry pending);
        StreamWalk walk = StreamValue.Walk(in key, id, id);
        if (!walk.TryNext(out StreamEntry entry))
        {
            if (isPending) Forget(x, in key, group, id);
            return false;
        }
        if (!isPending && !options.IsForced) return false;
        if (isPending && pending.Consumer != StreamGroup.Nobody && idleMs > 0 && x.NowMs - pending.DeliveredAtMs < idleMs) return false;
        long count = isPending ? pending.DeliveryCount : 1;
        if (options.RetryCount >= 0) count = options.RetryCount;
        else if (!options.IsJustId) count = PendingCounts.After(count);
        group.Give(id, consumer, options.DeliveredAtMs, count);
        ClaimEffects.Given(x, in key, group, consumer, id, options.DeliveredAtMs, count);
        consumer.Activate(x.NowMs);
        x.ChangedBeside(in key);
        if (options.IsJustId) StreamReply.Id(x.Reply, id);
        else StreamReply.Entry(x.Reply, in entry);
        return true;
    }

    private static bool TryReadAutoOptions(Execution x, out long count, out bool isJustId)
    {
        count = CountDefault;
        isJustId = false;
        for (int i = 6; i < x.Args.Count; i++)
        {
            if (i + 1 < x.Args.Count && x.Is(i, "COUNT"u8))
            {
                if (Numbers.TryParseInt64(x.Args[++i], out count) && count is > 0 and <= CountMax) continue;
                x.Reply.Error("ERR COUNT must be > 0"u8);
                return false;
            }
            if (x.Is(i, "JUSTID"u8))
            {
                isJustId = true;
                continue;
            }
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        return true;
    }

    /// <summary>Finds entries to give, and takes out those that are deleted; the cursor is where to go on, or 0-0.</summary>
    private static List<StreamId> Take(
        Execution x, in Key key, StreamGroup group, long idleMs, StreamId from, long count, List<StreamId> deleted, out StreamId cursor)
    {
        var given = new List<StreamId>();
        long looks = count > long.MaxValue / LooksPerEntry ? long.MaxValue : count * LooksPerEntry;
        PendingWalk walk = group.WalkPending(from);
        cursor = StreamId.Min;
        while (walk.TryNext(out PendingEntry pending))
        {
            if (looks-- == 0 || given.Count + deleted.Count == count)
            {
                cursor = pending.Id;
                break;
            }
            if (!StreamValue.Contains(in key, pending.Id)) deleted.Add(pending.Id);
            else if (pending.Consumer == StreamGroup.Nobody || idleMs == 0 || x.NowMs - pending.DeliveredAtMs >= idleMs) given.Add(pending.Id);
        }
        foreach (StreamId id in deleted) Forget(x, in key, group, id);
        return given;
    }

    private static void Give(Execution x, in Key key, StreamGroup group, StreamConsumer consumer, StreamId id, bool isJustId)
    {
        group.TryGetPending(id, out PendingEntry pending);
        long count = isJustId ? pending.DeliveryCount : PendingCounts.After(pending.DeliveryCount);
        group.Give(id, consumer, x.NowMs, count);
        ClaimEffects.Given(x, in key, group, consumer, id, x.NowMs, count);
        consumer.Activate(x.NowMs);
        x.ChangedBeside(in key);
        if (isJustId)
        {
            StreamReply.Id(x.Reply, id);
            return;
        }
        StreamWalk walk = StreamValue.Walk(in key, id, id);
        walk.TryNext(out StreamEntry entry);
        StreamReply.Entry(x.Reply, in entry);
    }

    /// <summary>A pending entry that is deleted is pending no more.</summary>
    private static void Forget(Execution x, in Key key, StreamGroup group, StreamId id)
    {
        group.Acknowledge(id);
        x.ChangedBeside(in key);
        x.Effect(4).Word("XACK"u8).Word(key.Name).Word(group.Name).Word(id);
    }
}
