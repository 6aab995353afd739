using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Commands.Streams;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Persistence.Aof;

/// <summary>The commands that make a stream again: its entries, its past, its producers, its groups, and what is pending.</summary>
internal static class StreamCommands
{
    public static void Write(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        if (StreamValue.Head(entry.View).Entries.Count > 0)
            WriteEntries(commands, databaseId, entry.Key, StreamValue.Walk(entry.View, StreamId.Min, StreamId.Max));
        else WriteEmpty(commands, databaseId, entry, StreamValue.Head(entry.View).LastId);
        WriteTail(commands, databaseId, entry);
    }

    /// <summary>Its past, its producers, its groups, and what is pending.</summary>
    public static void WriteTail(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        CollectionView stream = entry.View;
        StreamHead head = StreamValue.Head(stream);
        commands.Begin(databaseId, 7).Word("XSETID"u8).Word(entry.Key).Word(head.LastId)
            .Word("ENTRIESADDED"u8).Word(head.EntriesAdded).Word("MAXDELETEDID"u8).Word(head.MaxDeletedId);
        if (StreamIdempotency.Exists(stream)) WriteNames(commands, databaseId, entry);
        for (int i = 0; i < head.Groups.Count; i++) WriteGroup(commands, databaseId, entry, StreamValue.GroupAt(stream, i));
    }

    /// <summary>Adds the entries of a walk, each by a command.</summary>
    public static void WriteEntries(EffectBuffer commands, int databaseId, ReadOnlySpan<byte> key, StreamWalk walk)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        while (walk.TryNext(out StreamEntry added))
        {
            EffectWriter add = commands.Begin(databaseId, 3 + (added.FieldCount * 2)).Word("XADD"u8).Word(key).Word(added.Id);
            StreamFields fields = added.Fields;
            while (fields.TryNext(out ListPackElement name, out ListPackElement value))
                add = add.Word(name.TextIn(digits)).Word(value.TextIn(digits));
        }
    }

    /// <summary>A stream without entries is made by adding one and trimming it at once; no identifier is below 0-1.</summary>
    private static void WriteEmpty(EffectBuffer commands, int databaseId, SnapshotEntry entry, StreamId lastId) =>
        commands.Begin(databaseId, 7).Word("XADD"u8).Word(entry.Key).Word("MAXLEN"u8).Word(0)
            .Word(lastId == StreamId.Min ? new StreamId(0, 1) : lastId).Word("x"u8).Word("y"u8);

    /// <summary>What producers call entries, also those that are gone: who adds one again is told where it was.</summary>
    private static void WriteNames(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        IdempotencyHead head = StreamIdempotency.Head(entry.View);
        commands.Begin(databaseId, 6).Word("XCFGSET"u8).Word(entry.Key)
            .Word("IDMP-DURATION"u8).Word(head.DurationSeconds).Word("IDMP-MAXSIZE"u8).Word(head.EntriesMax);
        NameWalk walk = StreamIdempotency.Walk(entry.View);
        while (walk.TryNext(out ReadOnlySpan<byte> producer, out ReadOnlySpan<byte> name, out StreamId id))
            commands.Begin(databaseId, 5).Word("XIDMPRECORD"u8).Word(entry.Key).Word(producer).Word(name).Word(id);
    }

    private static void WriteGroup(EffectBuffer commands, int databaseId, SnapshotEntry entry, StreamGroup group)
    {
        commands.Begin(databaseId, 7).Word("XGROUP"u8).Word("CREATE"u8).Word(entry.Key).Word(group.Name).Word(group.Head.LastDelivered)
            .Word("ENTRIESREAD"u8).Word(group.Head.EntriesRead);
        for (int i = 0; i < group.ConsumerCount; i++)
            commands.Begin(databaseId, 5).Word("XGROUP"u8).Word("CREATECONSUMER"u8).Word(entry.Key).Word(group.Name).Word(group.ConsumerAt(i).Name);
        PendingWalk walk = group.WalkPending(StreamId.Min);
        while (walk.TryNext(out PendingEntry pending))
        {
            if (!group.TryGetOwner(in pending, out StreamConsumer owner))
            {
                commands.Begin(databaseId, 10).Word("XNACK"u8).Word(entry.Key).Word(group.Name).Word("FAIL"u8).Word("IDS"u8).Word(1).Word(pending.Id)
                    .Word("RETRYCOUNT"u8).Word(pending.DeliveryCount).Word("FORCE"u8);
                continue;
            }
            commands.Begin(databaseId, 12).Word("XCLAIM"u8).Word(entry.Key).Word(group.Name).Word(owner.Name).Word(0).Word(pending.Id)
                .Word("TIME"u8).Word(pending.DeliveredAtMs).Word("RETRYCOUNT"u8).Word(pending.DeliveryCount).Word("JUSTID"u8).Word("FORCE"u8);
        }
    }
}
