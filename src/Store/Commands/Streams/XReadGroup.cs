using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>
/// XREADGROUP: gives a consumer the next entries of a group, which become pending for it, or (with an identifier instead
/// of &gt;) its own pending entries again.
/// </summary>
internal static class XReadGroup
{
    [Command("XREADGROUP", "(GROUP group consumer) [COUNT count:integer] [BLOCK milliseconds:integer] [CLAIM min-idle-time:integer] [NOACK] [MAXCOUNT maxcount:integer] "
        + "[MAXSIZE maxsize:integer] (STREAMS key... id...)",
        Group.Stream, Flags.Write | Flags.Blocking, Since = "5.0.0", Cost = "O(log N + M) for each stream with M entries to reply",
        Keys = "RO ACCESS", Summary = "Gives entries of streams to a consumer of a group, or waits for one.")]
    public static void Read(Execution x)
    {
        if (!ReadQuery.TryRead(x, isOfGroup: true, out ReadQuery query)) return;
        if (x.IsRetry && !IsStillThere(x, in query)) return;
        if (!x.IsRetry && !AreReadable(x, in query)) return;

        var reply = new StreamsReply(x.Reply);
        var budget = new ReadBudget(query.CountOfAll, query.BytesOfAll);
        for (int i = 0; i < query.KeyCount; i++)
        {
            if (x.ReadyKey > 0 && query.FirstKey + i != x.ReadyKey) continue;
            ReadStream(x, in query, i, ref reply, ref budget);
        }
        if (reply.TryEnd()) return;
        if (query.TimeoutMs < 0) x.Reply.NullArray();
        else x.Block(new BlockingTerms
        {
            FirstKey = query.FirstKey,
            KeyCount = query.KeyCount,
            Type = KeyType.Stream,
            WakesWhenGone = true,
            TimeoutMs = query.TimeoutMs,
            RetryAtMs = query.ClaimIdleMs >= 0 ? NextIdleMs(x, in query) : 0,
            TimeoutReply = static x => x.Reply.NullArray(),
        });
    }

    /// <summary>Each key is a stream with the group, and each identifier one; or an error is replied.</summary>
    private static bool AreReadable(Execution x, in ReadQuery query)
    {
        for (int i = 0; i < query.KeyCount; i++)
        {
            if (!StreamArgument.TryRead(x, query.FirstKey + i, out Key key)) return false;
            if (!StreamValue.TryFindGroup(in key, x.Args[query.GroupAt], out _))
            {
                x.Reply.Error($"NOGROUP No such key '{PrintedText.Of(key.Name)}' or consumer group '{PrintedText.Of(x.Args[query.GroupAt])}' in XREADGROUP with GROUP option");
                return false;
            }
            int argument = query.FirstKey + query.KeyCount + i;
            if (x.Args[argument] is [(byte)'$'])
            {
                x.Reply.Error("ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set."u8);
                return false;
            }
            if (x.Args[argument] is not [(byte)'>'] && !StreamArgument.TryId(x, argument, out _)) return false;
        }
        return true;
    }

    /// <summary>When some pending entry may have lain long enough to be claimed.</summary>
    private static long NextIdleMs(Execution x, in ReadQuery query)
    {
        // What others are given from now on has not lain long enough before that.
        long dueMs = x.NowMs > long.MaxValue - query.ClaimIdleMs ? long.MaxValue : x.NowMs + query.ClaimIdleMs;
        for (int i = 0; i < query.KeyCount; i++)
        {
            Key key = x.Peek(query.FirstKey + i);
            if (!key.IsAbsentOr(KeyType.Stream) || !StreamValue.TryFindGroup(in key, x.Args[query.GroupAt], out StreamGroup group)) continue;
            PendingWalk walk = group.WalkPending(StreamId.Min);
            while (walk.TryNext(out PendingEntry entry))
                if (entry.DeliveredAtMs < dueMs - query.ClaimIdleMs && StreamValue.Contains(in key, entry.Id)) dueMs = entry.DeliveredAtMs + query.ClaimIdleMs;
        }
        return Math.Max(dueMs, x.NowMs + 1);
    }

    /// <summary>What a blocked client waits for may have gone; then it is told so.</summary>
    private static bool IsStillThere(Execution x, in ReadQuery query)
    {
        if (x.ReadyKey == 0) return true;
        Key key = x.Peek(x.ReadyKey);
        if (!key.Exists || key.Type != KeyType.Stream) x.Reply.Error("UNBLOCKED the stream key no longer exists"u8);
        else if (!StreamValue.TryFindGroup(in key, x.Args[query.GroupAt], out _))
            x.Reply.Error("NOGROUP the consumer group this client was blocked on no longer exists"u8);
        else return true;
        return false;
    }

    private static void ReadStream(Execution x, in ReadQuery query, int index, ref StreamsReply reply, ref ReadBudget budget)
    {
        Key key = x.Peek(query.FirstKey + index);
        if (!key.IsAbsentOr(KeyType.Stream) || !StreamValue.TryEditGroup(ref key, x.Args[query.GroupAt], out StreamGroup group)) return;
        StreamConsumer consumer = group.GetOrAddConsumer(x.Args[query.GroupAt + 1], x.NowMs, out bool isNew);
        consumer.See(x.NowMs);
        var delivery = new GroupDelivery(x, key, group, consumer);
        if (isNew) delivery.TellConsumer();
        ReadOnlySpan<byte> after = x.Args[query.FirstKey + query.KeyCount + index];
        StreamId id = StreamId.Max;
        // The last identifier is > in other words.
        if (after is not [(byte)'>'] && StreamId.TryParse(after, 0, out id) && id != StreamId.Max)
        {
            reply.Begin(key.Name);
            delivery.SendOwned(id, query.Count, ref budget);
        }
        else delivery.SendNew(in query, ref reply, ref budget);
        delivery.Tell();
    }
}
