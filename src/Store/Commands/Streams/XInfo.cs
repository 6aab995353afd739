using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XINFO: a stream, its groups and their consumers as they are.</summary>
internal static class XInfo
{
    private const long CountDefault = 10;

    [Command("XINFO|STREAM", "key [FULL [COUNT count:integer]]", Group.Stream, Flags.ReadOnly, Since = "5.0.0", Cost = "O(N) in the nodes, and in what FULL shows",
        Summary = "Shows how a stream is made, and with FULL all of it.")]
    public static void OfStream(Execution x)
    {
        if (!TryOpen(x, out Key key)) return;
        if (!TryReadOptions(x, out bool isFull, out long count)) return;
        StreamHead head = StreamValue.Head(in key);
        RespWriter reply = x.Reply;
        bool isIdempotent = StreamIdempotency.Exists(in key);
        reply.Map((isFull ? 9 : 10) + (isIdempotent ? 6 : 0));
        Pair(reply, "length"u8, head.Entries.Count);
        Pair(reply, "radix-tree-keys"u8, StreamShape.NodeCount(in key, out long radixNodes));
        Pair(reply, "radix-tree-nodes"u8, radixNodes);
        Pair(reply, "last-generated-id"u8, head.LastId);
        Pair(reply, "max-deleted-entry-id"u8, head.MaxDeletedId);
        Pair(reply, "entries-added"u8, head.EntriesAdded);
        Pair(reply, "recorded-first-entry-id"u8, StreamValue.FirstId(in key));
        if (isIdempotent) SendIdempotency(reply, in key);
        if (isFull) SendFull(x, in key, count);
        else SendEnds(reply, in key);
    }

    [Command("XINFO|GROUPS", "key", Group.Stream, Flags.ReadOnly, Since = "5.0.0", Cost = "O(N) in the groups", Summary = "Shows the groups of a stream.")]
    public static void Groups(Execution x)
    {
        if (!TryOpen(x, out Key key)) return;
        x.Reply.Array(StreamValue.GroupCount(in key));
        for (int i = 0; i < StreamValue.GroupCount(in key); i++)
        {
            StreamGroup group = StreamValue.GroupAt(in key, i);
            x.Reply.Map(6);
            Pair(x.Reply, "name"u8, group.Name);
            Pair(x.Reply, "consumers"u8, group.ConsumerCount);
            Pair(x.Reply, "pending"u8, group.PendingCount);
            SendPosition(x.Reply, in key, group);
        }
    }

    [Command("XINFO|CONSUMERS", "key groupname", Group.Stream, Flags.ReadOnly, Since = "5.0.0", Cost = "O(N) in the consumers", Tips = "nondeterministic_output",
        Summary = "Shows the consumers of a group.")]
    public static void Consumers(Execution x)
    {
        if (!TryOpen(x, out Key key)) return;
        if (!StreamValue.TryFindGroup(in key, x.Args[3], out StreamGroup group))
        {
            GroupArgument.RefuseGroup(x);
            return;
        }
        x.Reply.Array(group.ConsumerCount);
        for (int i = 0; i < group.ConsumerCount; i++)
        {
            StreamConsumer consumer = group.ConsumerAt(i);
            long activeAtMs = consumer.Head.ActiveAtMs;
            x.Reply.Map(4);
            Pair(x.Reply, "name"u8, consumer.Name);
            Pair(x.Reply, "pending"u8, consumer.PendingCount);
            Pair(x.Reply, "idle"u8, Math.Max(0, x.NowMs - consumer.Head.SeenAtMs));
            Pair(x.Reply, "inactive"u8, activeAtMs == StreamGroup.NeverActive ? activeAtMs : Math.Max(0, x.NowMs - activeAtMs));
        }
    }

    [Command("XINFO|HELP", "", Group.Stream, Flags.Loading | Flags.Stale, Since = "5.0.0", Cost = "O(1)", Summary = "Explains the subcommands.")]
    public static void Help(Execution x) => HelpReply.Write(x.Reply, "XINFO", """
        CONSUMERS <key> <groupname>
            Show consumers of <groupname>.
        GROUPS <key>
            Show the stream consumer groups.
        STREAM <key> [FULL [COUNT <count>]
            Show information about the stream.
        """);

    private static bool TryOpen(Execution x, out Key key)
    {
        if (!StreamArgument.TryRead(x, 2, out key)) return false;
        if (key.Exists) return true;
        x.Reply.Error(Errors.NoSuchKey);
        return false;
    }

    private static bool TryReadOptions(Execution x, out bool isFull, out long count)
    {
        count = CountDefault;
        isFull = x.Args.Count > 3;
        if (!isFull) return true;
        bool isKnown = x.Is(3, "FULL"u8) && (x.Args.Count == 4 || (x.Args.Count == 6 && x.Is(4, "COUNT"u8)));
        if (!isKnown)
        {
            x.Reply.Error(Errors.SubcommandSyntax("XINFO", x.Args[1]));
            return false;
        }
        if (x.Args.Count == 6 && !x.TryInteger(5, out count)) return false;
        if (count < 0) count = CountDefault;
        return true;
    }

    private static void SendIdempotency(RespWriter reply, in Key key)
    {
        IdempotencyHead head = StreamIdempotency.Head(in key);
        Pair(reply, "idmp-duration"u8, head.DurationSeconds);
        Pair(reply, "idmp-maxsize"u8, head.EntriesMax);
        Pair(reply, "pids-tracked"u8, head.Producers.Count);
        Pair(reply, "iids-tracked"u8, head.Tracked);
        Pair(reply, "iids-added"u8, head.Added);
        Pair(reply, "iids-duplicates"u8, head.Duplicates);
    }

    private static void SendEnds(RespWriter reply, in Key key)
    {
        Pair(reply, "groups"u8, StreamValue.GroupCount(in key));
        reply.Bulk("first-entry"u8);
        SendEnd(reply, in key, isLast: false);
        reply.Bulk("last-entry"u8);
        SendEnd(reply, in key, isLast: true);
    }

    private static void SendEnd(RespWriter reply, in Key key, bool isLast)
    {
        StreamWalk walk = StreamValue.Walk(in key, StreamId.Min, StreamId.Max, isLast);
        if (walk.TryNext(out StreamEntry entry)) StreamReply.Entry(reply, in entry);
        else reply.Null();
    }

    private static void SendFull(Execution x, in Key key, long count)
    {
        x.Reply.Bulk("entries"u8);
        StreamWalk walk = StreamValue.Walk(in key, StreamId.Min, StreamId.Max);
        StreamReply.Entries(x.Reply, ref walk, count);
        x.Reply.Bulk("groups"u8);
        x.Reply.Array(StreamValue.GroupCount(in key));
        for (int i = 0; i < StreamValue.GroupCount(in key); i++) SendGroup(x.Reply, in key, StreamValue.GroupAt(in key, i), count);
    }

    private static void SendGroup(RespWriter reply, in Key key, StreamGroup group, long count)
    {
        bool hasUnowned = group.HasUnowned;
        reply.Map(hasUnowned ? 8 : 7);
        Pair(reply, "name"u8, group.Name);
        SendPosition(reply, in key, group);
        Pair(reply, "pel-count"u8, group.PendingCount);
        reply.Bulk("pending"u8);
        long most = count == 0 ? group.PendingCount : Math.Min(count, group.PendingCount);
        reply.Array((int)most);
        PendingWalk walk = group.WalkPending(StreamId.Min);
        for (long i = 0; i < most && walk.TryNext(out PendingEntry entry); i++)
        {
            reply.Array(4);
            StreamReply.Id(reply, entry.Id);
            reply.Bulk(group.TryGetOwner(in entry, out StreamConsumer owner) ? owner.Name : default);
            reply.Integer(entry.DeliveredAtMs);
            reply.Integer(entry.DeliveryCount);
        }
        reply.Bulk("consumers"u8);
        reply.Array(group.ConsumerCount);
        for (int i = 0; i < group.ConsumerCount; i++) SendConsumer(reply, group, group.ConsumerAt(i), count);
        if (hasUnowned) Pair(reply, "nacked-count"u8, group.UnownedCount);
    }

    private static void SendConsumer(RespWriter reply, StreamGroup group, StreamConsumer consumer, long count)
    {
        reply.Map(5);
        Pair(reply, "name"u8, consumer.Name);
        Pair(reply, "seen-time"u8, consumer.Head.SeenAtMs);
        Pair(reply, "active-time"u8, consumer.Head.ActiveAtMs);
        Pair(reply, "pel-count"u8, consumer.PendingCount);
        reply.Bulk("pending"u8);
        long most = count == 0 ? consumer.PendingCount : Math.Min(count, consumer.PendingCount);
        reply.Array((int)most);
        StreamId next = StreamId.Min;
        for (long i = 0; i < most; i++)
        {
            consumer.TryFirstOwned(next, out StreamId id);
            group.TryGetPending(id, out PendingEntry entry);
            reply.Array(3);
            StreamReply.Id(reply, id);
            reply.Integer(entry.DeliveredAtMs);
            reply.Integer(entry.DeliveryCount);
            id.TryNext(out next);
        }
    }

    private static void SendPosition(RespWriter reply, in Key key, StreamGroup group)
    {
        Pair(reply, "last-delivered-id"u8, group.Head.LastDelivered);
        reply.Bulk("entries-read"u8);
        if (group.Head.EntriesRead == StreamGroup.EntriesUnknown) reply.Null();
        else reply.Integer(group.Head.EntriesRead);
        reply.Bulk("lag"u8);
        if (StreamLag.TryGet(in key, group, out long lag)) reply.Integer(lag);
        else reply.Null();
    }

    private static void Pair(RespWriter reply, ReadOnlySpan<byte> name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }

    private static void Pair(RespWriter reply, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        reply.Bulk(name);
        reply.Bulk(value);
    }

    private static void Pair(RespWriter reply, ReadOnlySpan<byte> name, StreamId id)
    {
        reply.Bulk(name);
        StreamReply.Id(reply, id);
    }
}
