using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// What the form of redis-server 7.0 has no place for of a stream: names that producers gave to entries, and when consumers last
/// got something. It stands in a file as an auxiliary field behind its key, which other readers pass over.
/// <code>
///   key | names of producers: 0, or 1 duration entries added duplicates producers (name count (id 16, name)..).. |
///   groups (name consumers (name, active 8)..)..
/// </code>
/// </summary>
internal static class StreamExtras
{
    public static ReadOnlySpan<byte> FieldName => "galley-stream"u8;

    /// <summary>The entry is a stream of which there is something to say.</summary>
    public static bool IsNeeded(in SnapshotEntry entry)
    {
        if (entry.Type != KeyType.Stream) return false;
        CollectionView stream = entry.View;
        StreamHead head = StreamValue.Head(stream);
        if (head.Idempotency != 0) return true;
        for (int i = 0; i < head.Groups.Count; i++)
        {
            StreamGroup group = StreamValue.GroupAt(stream, i);
            for (int j = 0; j < group.ConsumerCount; j++)
                if (group.ConsumerAt(j).Head.ActiveAtMs != group.ConsumerAt(j).Head.SeenAtMs) return true;
        }
        return false;
    }

    public static void Write(RdbWriter writer, in SnapshotEntry entry)
    {
        CollectionView stream = entry.View;
        StreamHead head = StreamValue.Head(stream);
        writer.String(entry.Key);
        writer.Length(head.Idempotency == 0 ? 0 : 1);
        if (head.Idempotency != 0) StreamIdempotency.Write(writer, stream);
        writer.Length(head.Groups.Count);
        for (int i = 0; i < head.Groups.Count; i++)
        {
            StreamGroup group = StreamValue.GroupAt(stream, i);
            writer.String(group.Name);
            writer.Length(group.ConsumerCount);
            for (int j = 0; j < group.ConsumerCount; j++)
            {
                writer.String(group.ConsumerAt(j).Name);
                writer.Int64(group.ConsumerAt(j).Head.ActiveAtMs);
            }
        }
    }

    /// <summary>Gives what was written back to its key, if that is there and a stream.</summary>
    /// <exception cref="RdbException">It is damaged.</exception>
    public static void Read(ReadOnlySpan<byte> text, int version, Database database)
    {
        var reader = new RdbReader(text, version);
        Key key = database.Open(reader.ReadHeldString().ToArray());
        if (!key.Exists || key.Type != KeyType.Stream) return;
        if (reader.ReadLength() != 0) StreamIdempotency.Read(ref reader, ref key);
        for (long groups = reader.ReadCount(); groups > 0; groups--)
        {
            bool isThere = StreamValue.TryEditGroup(ref key, reader.ReadHeldString(), out StreamGroup group);
            for (long consumers = reader.ReadCount(sizeof(long)); consumers > 0; consumers--)
            {
                ReadOnlySpan<byte> name = reader.ReadHeldString();
                long activeAtMs = reader.ReadInt64();
                if (isThere && group.TryFindConsumer(name, out StreamConsumer consumer)) consumer.Activate(activeAtMs);
            }
        }
    }
}
