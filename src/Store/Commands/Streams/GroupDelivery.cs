using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>
/// Entries on their way from one stream to one consumer of a group. What was given to whom goes to the log as XCLAIM, which
/// says it in one command for all entries with the same time and count.
/// </summary>
internal ref struct GroupDelivery(Execution x, Key key, StreamGroup group, StreamConsumer consumer)
{
    private readonly Execution _x = x;
    private readonly Key _key = key;
    private readonly StreamGroup _group = group;
    private readonly StreamConsumer _consumer = consumer;
    private List<StreamId>? _given;
    private long _givenCount;
    private bool _hasChanged;
    private bool _hasMoved;

    /// <summary>The consumer is new.</summary>
    public void TellConsumer()
    {
        _x.ChangedBeside(in _key, "xgroup-createconsumer"u8);
        _x.Effect(5).Word("XGROUP"u8).Word("CREATECONSUMER"u8).Word(_key.Name).Word(_group.Name).Word(_consumer.Name);
    }

    /// <summary>Replies with the consumer's pending entries behind this identifier; each is delivered once more.</summary>
    public void SendOwned(StreamId after, long count, ref ReadBudget budget)
    {
        RespWriter reply = _x.Reply;
        Deferred start = reply.BeginDeferred();
        int sent = 0;
        bool isThere = after.TryNext(out StreamId id) && _consumer.TryFirstOwned(id, out id);
        while (isThere && (count == 0 || sent < count))
        {
            StreamWalk walk = StreamValue.Walk(in _key, id, id);
            if (walk.TryNext(out StreamEntry entry))
            {
                if (!budget.Allows(in entry)) break;
                budget.Take(in entry);
                StreamReply.Entry(reply, in entry);
                _group.TryGetPending(id, out PendingEntry pending);
                Give(id, PendingCounts.After(pending.DeliveryCount));
            }
            else
            {
                reply.Array(2);
                StreamReply.Id(reply, id);
                reply.NullArray();
            }
            sent++;
            isThere = id.TryNext(out id) && _consumer.TryFirstOwned(id, out id);
        }
        reply.EndArray(start, sent);
    }

    /// <summary>Replies with what nobody of the group has read, and before that with what was left pending too long.</summary>
    public void SendNew(in ReadQuery query, ref StreamsReply streams, ref ReadBudget budget)
    {
        RespWriter reply = _x.Reply;
        Deferred start = default;
        long sent = 0;
        if (query.ClaimIdleMs >= 0) SendIdle(in query, ref streams, ref budget, ref start, ref sent);
        bool hasNext = _group.Head.LastDelivered.TryNext(out StreamId from);
        StreamWalk walk = hasNext ? StreamValue.Walk(in _key, from, StreamId.Max) : default;
        while (hasNext && (query.Count == 0 || sent < query.Count) && walk.TryNext(out StreamEntry entry) && budget.Allows(in entry))
        {
            BeginAt(ref streams, ref start, sent++);
            if (query.ClaimIdleMs >= 0) SendClaimed(in entry, idleMs: 0, deliveries: 0);
            else StreamReply.Entry(reply, in entry);
            budget.Take(in entry);
            _group.SetLastDelivered(entry.Id, EntriesReadAfter(entry.Id));
            _hasMoved = true;
            if (!query.IsAcknowledged) Give(entry.Id, 1);
        }
        if (sent > 0) reply.EndArray(start, (int)sent);
    }

    /// <summary>Tells the log what is left to be told, and everybody that the stream has changed.</summary>
    public void Tell()
    {
        Flush();
        if (_hasMoved) ClaimEffects.Position(_x, in _key, _group);
        if (!_hasMoved && !_hasChanged) return;
        _consumer.Activate(_x.NowMs);
        _x.ChangedBeside(in _key);
    }

    /// <summary>Pending entries that were not touched for long become this consumer's, the longest idle first; those deleted meanwhile stay.</summary>
    private void SendIdle(in ReadQuery query, ref StreamsReply streams, ref ReadBudget budget, ref Deferred start, ref long sent)
    {
        foreach (PendingEntry pending in FindIdle(query.ClaimIdleMs))
        {
            if (query.Count > 0 && sent == query.Count) return;
            StreamWalk walk = StreamValue.Walk(in _key, pending.Id, pending.Id);
            if (!walk.TryNext(out StreamEntry entry)) continue;
            if (!budget.Allows(in entry)) return;
            BeginAt(ref streams, ref start, sent++);
            SendClaimed(in entry, pending.Consumer == StreamGroup.Nobody ? -1 : _x.NowMs - pending.DeliveredAtMs, pending.DeliveryCount);
            budget.Take(in entry);
            Give(entry.Id, PendingCounts.After(pending.DeliveryCount));
        }
    }

    private readonly List<PendingEntry> FindIdle(long idleMs)
    {
        var idle = new List<PendingEntry>();
        PendingWalk walk = _group.WalkPending(StreamId.Min);
        while (walk.TryNext(out PendingEntry pending))
            if (pending.Consumer == StreamGroup.Nobody || _x.NowMs - pending.DeliveredAtMs >= idleMs) idle.Add(pending);
        // Equal ones stay in the order of their identifiers.
        idle.Sort(static (one, other) => one.DeliveredAtMs != other.DeliveredAtMs ? one.DeliveredAtMs.CompareTo(other.DeliveredAtMs) : one.Id.CompareTo(other.Id));
        return idle;
    }

    private readonly void SendClaimed(in StreamEntry entry, long idleMs, long deliveries)
    {
        _x.Reply.Array(4);
        StreamReply.Id(_x.Reply, entry.Id);
        StreamReply.Fields(_x.Reply, in entry);
        _x.Reply.Integer(idleMs);
        _x.Reply.Integer(deliveries);
    }

    private readonly void BeginAt(ref StreamsReply streams, ref Deferred start, long sent)
    {
        if (sent > 0) return;
        streams.Begin(_key.Name);
        start = _x.Reply.BeginDeferred();
    }

    private void Give(StreamId id, long deliveryCount)
    {
        _group.Give(id, _consumer, _x.NowMs, deliveryCount);
        _hasChanged = true;
        if (deliveryCount != _givenCount) Flush();
        _givenCount = deliveryCount;
        if (_x.Server.Effects.IsRead) (_given ??= []).Add(id);
    }

    /// <summary>XCLAIM key group consumer 0 id.. TIME ms RETRYCOUNT n FORCE JUSTID LASTID id</summary>
    private readonly void Flush()
    {
        if (_given is not { Count: > 0 }) return;
        EffectWriter effect = _x.Effect(13 + _given.Count).Word("XCLAIM"u8).Word(_key.Name).Word(_group.Name).Word(_consumer.Name).Word(0);
        foreach (StreamId id in _given) effect = effect.Word(id);
        effect.Word("TIME"u8).Word(_x.NowMs).Word("RETRYCOUNT"u8).Word(_givenCount).Word("FORCE"u8).Word("JUSTID"u8)
            .Word("LASTID"u8).Word(_group.Head.LastDelivered);
        _given.Clear();
    }

    private readonly long EntriesReadAfter(StreamId id)
    {
        long read = _group.Head.EntriesRead;
        if (read != StreamGroup.EntriesUnknown && !StreamLag.HasTombstones(in _key, id)) return read + 1;
        return StreamValue.Head(in _key).EntriesAdded > 0 ? StreamLag.DistanceFromFirst(in _key, id) : read;
    }
}
