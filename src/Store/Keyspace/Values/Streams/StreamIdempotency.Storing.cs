using Galley.Store.Keyspace.Rdb;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <content>What a stream knows of its producers as bytes of a file, and as it is walked for commands.</content>
internal static partial class StreamIdempotency
{
    /// <summary>A time at which nothing is past.</summary>
    private const long NoTime = -1;

    /// <summary>As <see cref="Head(in Key)"/>, of a stream that is read.</summary>
    public static ref readonly IdempotencyHead Head(CollectionView stream) => ref HeadIn(stream.Memory, new BlockRef(StreamValue.Head(stream).Idempotency));

    public static bool Exists(CollectionView stream) => StreamValue.Head(stream).Idempotency != 0;

    /// <summary>All names of a stream that <see cref="Exists(CollectionView)"/>, a producer after the other, and of each the oldest entries first.</summary>
    public static NameWalk Walk(CollectionView stream) => new(stream.Memory, in Head(stream).Producers);

    /// <summary>Writes all that is known, oldest entries first.</summary>
    public static void Write(RdbWriter writer, CollectionView stream)
    {
        Arena arena = stream.Memory;
        ref readonly IdempotencyHead head = ref Head(stream);
        foreach (long number in (ReadOnlySpan<long>)[head.DurationSeconds, head.EntriesMax, head.Added, head.Duplicates, head.Producers.Count])
            writer.Length(number);
        Span<byte> id = stackalloc byte[StreamId.BinaryBytes];
        for (int i = 0; i < head.Producers.Count; i++)
        {
            BlockRef block = NamedBlocks<ProducerHead>.InOrder(arena, in head.Producers, i);
            CountedTreeRoot order = NamedBlocks<ProducerHead>.HeadOf(arena, block).Order;
            writer.String(NamedBlocks<ProducerHead>.NameOf(arena, block));
            writer.Length(order.Count);
            IdPlace place = IdTree<NamedEntry>.Find(arena, in order, StreamId.Min);
            for (bool isThere = IdTree<NamedEntry>.Exists(arena, in order, in place); isThere; isThere = IdTree<NamedEntry>.TryNext(arena, ref place))
            {
                NamedEntry entry = IdTree<NamedEntry>.At(arena, in place);
                entry.Id.WriteTo(id);
                writer.Raw(id);
                writer.String(IdempotentElement.KeyOf(arena, new BlockRef(entry.Element)));
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> has written; the stream knows nothing yet.</summary>
    /// <exception cref="RdbException">It is damaged.</exception>
    public static void Read(ref RdbReader reader, ref Key key)
    {
        ulong duration = reader.ReadLength();
        ulong entriesMax = reader.ReadLength();
        // A rewrite says them by commands, which must be taken.
        if (duration is 0 or > DurationSecondsMax || entriesMax is 0 or > EntriesMaxMax) throw RdbException.Damaged("what a stream keeps of names");
        Configure(ref key, (long)duration, (long)entriesMax);
        long added = (long)reader.ReadLength();
        long duplicates = (long)reader.ReadLength();
        for (long producers = reader.ReadCount(); producers > 0; producers--)
        {
            byte[] producer = reader.ReadString().ToArray();
            for (long entries = reader.ReadCount(StreamId.BinaryBytes); entries > 0; entries--)
            {
                StreamId id = StreamId.Read(reader.Take(StreamId.BinaryBytes));
                ReadOnlySpan<byte> name = reader.ReadString();
                if (producer.Length == 0 || name.IsEmpty) throw RdbException.Damaged("the name of an entry");
                if (TryFind(in key, producer, name, NoTime, out _) || IsNamed(in key, producer, id, NoTime)) throw RdbException.Duplicate;
                Remember(ref key, producer, name, id, NoTime);
            }
        }
        ref IdempotencyHead head = ref Edit(ref key);
        (head.Added, head.Duplicates) = (added, duplicates);
    }
}

/// <summary>The names that producers gave to entries of a stream. Valid until the key is written.</summary>
internal ref struct NameWalk
{
    private readonly Arena _memory;
    private readonly NamedBlocksRoot _producers;
    private BlockRef _producer;
    private int _nextProducer;
    private IdPlace _place;
    private bool _isThere;

    internal NameWalk(Arena memory, in NamedBlocksRoot producers) => (_memory, _producers) = (memory, producers);

    public bool TryNext(out ReadOnlySpan<byte> producer, out ReadOnlySpan<byte> name, out StreamId id)
    {
        while (!_isThere)
        {
            if (_nextProducer == _producers.Count)
            {
                producer = name = default;
                id = default;
                return false;
            }
            Begin(NamedBlocks<ProducerHead>.InOrder(_memory, in _producers, _nextProducer++));
        }
        NamedEntry entry = IdTree<NamedEntry>.At(_memory, in _place);
        producer = NamedBlocks<ProducerHead>.NameOf(_memory, _producer);
        name = IdempotentElement.KeyOf(_memory, new BlockRef(entry.Element));
        id = entry.Id;
        _isThere = IdTree<NamedEntry>.TryNext(_memory, ref _place);
        return true;
    }

    private void Begin(BlockRef producer)
    {
        _producer = producer;
        ref readonly CountedTreeRoot order = ref NamedBlocks<ProducerHead>.HeadOf(_memory, producer).Order;
        _place = IdTree<NamedEntry>.Find(_memory, in order, StreamId.Min);
        _isThere = IdTree<NamedEntry>.Exists(_memory, in order, in _place);
    }
}
