using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XPENDING: what a group has delivered and nobody acknowledged, in sum or entry by entry.</summary>
internal static class XPending
{
    private const int WordsOfSum = 3;
    private const int WordsMin = 6;
    private const int WordsMax = 9;

    /// <summary>What is shown for an entry that was given back: nobody lets it lie.</summary>
    private const long NobodysIdleMs = -1;

    [Command("XPENDING", "key group [[IDLE min-idle-time:integer] start end count:integer [consumer]]", Group.Stream, Flags.ReadOnly, Since = "5.0.0",
        Cost = "O(N) in the entries looked at, or in the consumers", Tips = "nondeterministic_output", Summary = "Shows the pending entries of a group.")]
    public static void Show(Execution x)
    {
        int words = x.Args.Count;
        if (words != WordsOfSum && words is < WordsMin or > WordsMax)
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        if (words == WordsOfSum)
        {
            if (GroupArgument.TryRead(x, out _, out StreamGroup group)) SendSum(x.Reply, group);
            return;
        }
        int at = 3;
        long idleMs = 0;
        if (x.Is(at, "IDLE"u8))
        {
            if (!x.TryInteger(at + 1, out idleMs)) return;
            if (words < WordsMin + 2)
            {
                x.Reply.Error(Errors.Syntax);
                return;
            }
            at += 2;
        }
        if (!x.TryInteger(at + 2, out long count)) return;
        if (!StreamArgument.TryStart(x, at, out StreamId from) || !StreamArgument.TryStop(x, at + 1, out StreamId to)) return;
        SendEntries(x, from, to, count, idleMs, consumerAt: at + 3 < words ? at + 3 : 0);
    }

    private static void SendSum(RespWriter reply, StreamGroup group)
    {
        reply.Array(4);
        reply.Integer(group.PendingCount);
        if (group.PendingCount == 0)
        {
            reply.Null();
            reply.Null();
            reply.NullArray();
            return;
        }
        StreamReply.Id(reply, group.FirstPending);
        StreamReply.Id(reply, group.LastPending);
        Deferred start = reply.BeginDeferred();
        int sent = 0;
        for (int i = 0; i < group.ConsumerCount; i++)
        {
            StreamConsumer consumer = group.ConsumerAt(i);
            if (consumer.PendingCount == 0) continue;
            reply.Array(2);
            reply.Bulk(consumer.Name);
            reply.BulkInteger(consumer.PendingCount);
            sent++;
        }
        reply.EndArray(start, sent);
    }

    private static void SendEntries(Execution x, StreamId from, StreamId to, long count, long idleMs, int consumerAt)
    {
        if (!GroupArgument.TryRead(x, out _, out StreamGroup group)) return;
        StreamConsumer consumer = default;
        if (consumerAt > 0 && !group.TryFindConsumer(x.Args[consumerAt], out consumer))
        {
            x.Reply.Array(0);
            return;
        }
        var walk = new OneOrAll(group, consumer, ofOne: consumerAt > 0, from);
        Deferred start = x.Reply.BeginDeferred();
        int sent = 0;
        while (sent < count && walk.TryNext(out PendingEntry entry) && entry.Id <= to)
        {
            bool hasOwner = group.TryGetOwner(in entry, out StreamConsumer owner);
            long entryIdleMs = hasOwner ? Math.Max(0, x.NowMs - entry.DeliveredAtMs) : NobodysIdleMs;
            if (idleMs > 0 && hasOwner && entryIdleMs < idleMs) continue;
            x.Reply.Array(4);
            StreamReply.Id(x.Reply, entry.Id);
            x.Reply.Bulk(hasOwner ? owner.Name : default);
            x.Reply.Integer(entryIdleMs);
            x.Reply.Integer(entry.DeliveryCount);
            sent++;
        }
        x.Reply.EndArray(start, sent);
    }

    /// <summary>The pending entries of one consumer, or of all.</summary>
    private ref struct OneOrAll(StreamGroup group, StreamConsumer consumer, bool ofOne, StreamId from)
    {
        private readonly StreamGroup _group = group;
        private readonly StreamConsumer _consumer = consumer;
        private PendingWalk _all = ofOne ? default : group.WalkPending(from);
        private StreamId _next = from;
        private bool _isOver;

        public bool TryNext(out PendingEntry entry)
        {
            if (!ofOne) return _all.TryNext(out entry);
            entry = default;
            if (_isOver || !_consumer.TryFirstOwned(_next, out StreamId id) || !_group.TryGetPending(id, out entry)) return false;
            _isOver = !id.TryNext(out _next);
            return true;
        }
    }
}
