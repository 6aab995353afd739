using System.Buffers.Binary;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// Streams: their nodes as listpacks behind their keys, what they say of their past, and their groups with what is pending.
/// Written as redis-server 7.0 does, which knows not when a consumer last got something: read again, that is when it last
/// asked. Where some pending entry is nobody's, which 7.0 does not have, it is the form of 7.2.
/// </summary>
internal sealed class RdbStream : RdbType
{
    /// <summary>The bytes that a node takes at least: its key, and a listpack of a master.</summary>
    private const int NodeBytesMin = StreamId.BinaryBytes + ListPackFrame.Bytes;

    private const int PendingBytesMin = StreamId.BinaryBytes + sizeof(long) + 1;

    private RdbStream() { }

    public static RdbStream Instance { get; } = new();

    public override IReadOnlyList<(RdbForm Form, RdbRead Read)> Readers =>
    [
        (RdbForm.StreamOne, static (ref reader, ref key, expiresAtMs) => Read(ref reader, ref key, expiresAtMs, RdbForm.StreamOne)),
        (RdbForm.StreamTwo, static (ref reader, ref key, expiresAtMs) => Read(ref reader, ref key, expiresAtMs, RdbForm.StreamTwo)),
        (RdbForm.StreamThree, static (ref reader, ref key, expiresAtMs) => Read(ref reader, ref key, expiresAtMs, RdbForm.StreamThree)),
    ];

    public override RdbForm FormOf(in SnapshotEntry entry)
    {
        CollectionView stream = entry.View;
        for (int i = 0; i < StreamValue.Head(stream).Groups.Count; i++)
            if (StreamValue.GroupAt(stream, i).HasUnowned) return RdbForm.StreamThree;
        return RdbForm.StreamTwo;
    }

    public override void Write(RdbWriter writer, in SnapshotEntry entry)
    {
        CollectionView stream = entry.View;
        WriteHead(writer, in entry);
        StreamHead head = StreamValue.Head(stream);
        if (head.Entries.Top != 0)
        {
            TreeCursor cursor = CountedTree.First(stream.Memory, in head.Entries);
            do WriteElement(writer, stream.Memory, cursor.Leaf, 0);
            while (CountedTree.TryNext(stream.Memory, ref cursor));
        }
        WriteTail(writer, in entry);
    }

    public override long WriteHead(RdbWriter writer, in SnapshotEntry entry)
    {
        writer.Length(StreamTree.NodeCount(entry.View.Memory, in StreamValue.Head(entry.View).Entries));
        return 0;
    }

    public override void WriteElement(RdbWriter writer, Arena memory, BlockRef element, long head)
    {
        Span<byte> key = stackalloc byte[StreamId.BinaryBytes];
        StreamLeaf.KeyOf(memory, element).WriteTo(key);
        writer.String(key);
        ReadOnlySpan<byte> pack = StreamLeaf.Pack(memory, element);
        writer.ListPack(pack, StreamPack.Elements(pack));
    }

    public override void WriteTail(RdbWriter writer, in SnapshotEntry entry)
    {
        CollectionView stream = entry.View;
        StreamHead head = StreamValue.Head(stream);
        writer.Length(head.Entries.Count);
        WriteId(writer, head.LastId);
        WriteId(writer, StreamValue.FirstId(stream));
        WriteId(writer, head.MaxDeletedId);
        writer.Length(head.EntriesAdded);
        writer.Length(head.Groups.Count);
        RdbForm form = FormOf(in entry);
        for (int i = 0; i < head.Groups.Count; i++) WriteGroup(writer, StreamValue.GroupAt(stream, i), form);
    }

    private static void WriteGroup(RdbWriter writer, StreamGroup group, RdbForm form)
    {
        writer.String(group.Name);
        WriteId(writer, group.Head.LastDelivered);
        writer.Length(group.Head.EntriesRead);
        writer.Length(group.PendingCount);
        PendingWalk walk = group.WalkPending(StreamId.Min);
        while (walk.TryNext(out PendingEntry pending))
        {
            WriteRawId(writer, pending.Id);
            writer.Int64(pending.DeliveredAtMs);
            writer.Length(pending.DeliveryCount);
        }
        writer.Length(group.ConsumerCount);
        for (int i = 0; i < group.ConsumerCount; i++)
        {
            StreamConsumer consumer = group.ConsumerAt(i);
            writer.String(consumer.Name);
            writer.Int64(consumer.Head.SeenAtMs);
            if (form == RdbForm.StreamThree) writer.Int64(consumer.Head.ActiveAtMs);
            writer.Length(consumer.PendingCount);
            for (bool isThere = consumer.TryFirstOwned(StreamId.Min, out StreamId id); isThere;)
            {
                WriteRawId(writer, id);
                isThere = id.TryNext(out id) && consumer.TryFirstOwned(id, out id);
            }
        }
    }

    private static void WriteId(RdbWriter writer, StreamId id)
    {
        writer.Length(unchecked((long)id.Ms));
        writer.Length(unchecked((long)id.Seq));
    }

    private static void WriteRawId(RdbWriter writer, StreamId id)
    {
        Span<byte> bytes = stackalloc byte[StreamId.BinaryBytes];
        id.WriteTo(bytes);
        writer.Raw(bytes);
    }

    private static void Read(ref RdbReader reader, ref Key key, long expiresAtMs, RdbForm form)
    {
        StreamValue.Create(ref key);
        StreamId last = ReadNodes(ref reader, ref key, out long count);
        if ((long)reader.ReadLength() != count) throw RdbException.Damaged("a stream's length");
        StreamId lastId = ReadId(ref reader);
        StreamId maxDeletedId = default;
        long entriesAdded = count;
        if (form >= RdbForm.StreamTwo)
        {
            ReadId(ref reader);
            maxDeletedId = ReadId(ref reader);
            entriesAdded = (long)reader.ReadLength();
        }
        if (lastId < last) throw RdbException.Damaged("a stream's last identifier");
        StreamValue.SetPast(ref key, lastId, maxDeletedId, entriesAdded);
        for (long left = reader.ReadCount(); left > 0; left--) ReadGroup(ref reader, ref key, form);
        key.GiveExpiry(expiresAtMs);
    }

    private static StreamId ReadNodes(ref RdbReader reader, ref Key key, out long count)
    {
        StreamId last = default;
        count = 0;
        for (long left = reader.ReadCount(NodeBytesMin); left > 0; left--)
        {
            ReadOnlySpan<byte> text = reader.ReadString();
            if (text.Length != StreamId.BinaryBytes) throw RdbException.Damaged("a stream's node");
            StreamId node = StreamId.Read(text);
            ReadOnlySpan<byte> pack = RdbListPack.Read(ref reader, out int elements);
            if ((node <= last && last != default) || !StreamPack.IsValid(pack, elements, node, ref last, out long live))
                throw RdbException.Damaged("a stream's node");
            StreamValue.AppendNode(ref key, node, pack, live);
            count += live;
        }
        return last;
    }

    private static void ReadGroup(ref RdbReader reader, ref Key key, RdbForm form)
    {
        ReadOnlySpan<byte> name = reader.ReadHeldString();
        StreamId lastDelivered = ReadId(ref reader);
        long entriesRead = form >= RdbForm.StreamTwo ? (long)reader.ReadLength() : EstimateRead(in key, lastDelivered);
        if (!StreamValue.TryAddGroup(ref key, name, lastDelivered, entriesRead, out StreamGroup group)) throw RdbException.Duplicate;
        StreamId last = default;
        for (long left = reader.ReadCount(PendingBytesMin); left > 0; left--)
        {
            StreamId id = StreamId.Read(reader.Take(StreamId.BinaryBytes));
            long deliveredAtMs = reader.ReadInt64();
            long deliveryCount = (long)reader.ReadLength();
            if (id <= last && last != default) throw RdbException.Damaged("a group's pending entries");
            group.Release(id, deliveredAtMs, deliveryCount);
            last = id;
        }
        for (long left = reader.ReadCount(); left > 0; left--) ReadConsumer(ref reader, group, form);
        if (group.HasUnowned && form < RdbForm.StreamThree) throw RdbException.Damaged("a group's pending entries");
    }

    private static void ReadConsumer(ref RdbReader reader, StreamGroup group, RdbForm form)
    {
        ReadOnlySpan<byte> name = reader.ReadHeldString();
        long seenAtMs = reader.ReadInt64();
        long activeAtMs = form >= RdbForm.StreamThree ? reader.ReadInt64() : seenAtMs;
        StreamConsumer consumer = group.GetOrAddConsumer(name, seenAtMs, out bool isNew);
        if (!isNew) throw RdbException.Duplicate;
        consumer.Activate(activeAtMs);
        for (long left = reader.ReadCount(StreamId.BinaryBytes); left > 0; left--)
        {
            StreamId id = StreamId.Read(reader.Take(StreamId.BinaryBytes));
            // Each is pending in the group, and nobody else's.
            if (!group.TryGetPending(id, out PendingEntry entry) || entry.Consumer != StreamGroup.Nobody)
                throw RdbException.Damaged("a consumer's pending entries");
            group.Give(id, consumer, entry.DeliveredAtMs, entry.DeliveryCount);
        }
    }

    /// <summary>What groups had read was not written before 7.0.</summary>
    private static long EstimateRead(in Key key, StreamId lastDelivered) => StreamLag.DistanceFromFirst(in key, lastDelivered);

    private static StreamId ReadId(ref RdbReader reader)
    {
        ulong ms = reader.ReadLength();
        return new StreamId(ms, reader.ReadLength());
    }
}
