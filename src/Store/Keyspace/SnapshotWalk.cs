using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace;

/// <summary>
/// Writes the keyspace down as it was at one point in time, in short turns and without a fork.
/// <para>
/// Every entry carries one bit, the mark. Beginning a walk flips the keyspace's own mark, so that every entry looks
/// unseen at once. The walk visits entries in the order of their hash and gives each its new mark; whoever changes or
/// deletes an entry that has not got it hands the entry over first, as it is (<see cref="Keep"/>). What is created
/// meanwhile is born with the new mark and is not part of the picture. So each entry is written exactly once, and memory
/// does not double: only the bytes on their way to the file are held.
/// </para>
/// <para>
/// A collection too large for one turn is not written whole when it is met or about to change: it gets a walk of its own
/// (<see cref="HugeWalks"/>), which comes before other entries are met.
/// </para>
/// A table that FLUSHALL takes away while the walk has not passed it is walked to its end, then buried.
/// </summary>
internal sealed class SnapshotWalk
{
    /// <summary>Elements that one step of a large collection meets.</summary>
    private const int ElementsPerStep = 64;

    /// <summary>Entries that are visited before it is seen what they cost: some of them may be heavy.</summary>
    private const int EntriesPerScan = 4;

    /// <summary>A value of more bytes, or one that does not lie together, takes as long to hand over as many small ones.</summary>
    private const int LightBytesMax = 4096;
    private const int HeavyWeight = 32;

    private readonly Databases _space;
    private readonly List<Share> _shares = [];
    private ISnapshotSink? _sink;
    private IHugeSink? _hugeSink;
    private int _at;
    private ulong _cursor;

    private SnapshotWalk(Databases space, ISnapshotSink sink)
    {
        _space = space;
        _sink = sink;
        _hugeSink = sink as IHugeSink;
        for (int id = 0; id < space.Count; id++)
        {
            foreach (Partition partition in space[id].Partitions)
                if (partition.Count > 0) _shares.Add(new Share(id, partition));
        }
    }

    /// <summary>The picture is of this moment. None other may be under way.</summary>
    public static SnapshotWalk Begin(Databases space, ISnapshotSink sink)
    {
        var walk = new SnapshotWalk(space, sink);
        space.Mark ^= EntryFlags.Mark;
        space.Snapshot = walk;
        return walk;
    }

    /// <summary>Shows every entry at once, and leaves no mark: nothing else runs meanwhile.</summary>
    public static void VisitAll(Databases space, ISnapshotSink sink)
    {
        for (int id = 0; id < space.Count; id++)
        {
            foreach (Partition partition in space[id].Partitions)
            {
                var showing = new Showing(space.Arena, sink, id);
                HashTable<EntryLayout>.Scan(space.Arena, in partition.Table, 0, int.MaxValue, ref showing);
            }
        }
    }

    public bool IsDone { get; private set; }

    /// <summary>What it meets goes to this sink, which has not given it up.</summary>
    public bool IsFor(ISnapshotSink sink) => _sink == sink;

    /// <summary>Whoever takes the entries has enough for now.</summary>
    public bool IsWaiting => _sink is { IsBusy: true };

    /// <summary>Walks over about so many entries, or fewer that are heavy; true when the picture is whole.</summary>
    public bool Step(int entries)
    {
        while (!IsDone && entries > 0 && !IsWaiting)
        {
            int elements = Math.Min(entries, ElementsPerStep);
            if (TryStepHuge(elements))
            {
                entries -= elements;
                continue;
            }
            if (_at == _shares.Count)
            {
                IsDone = true;
                _space.Snapshot = null;
                break;
            }
            Share share = _shares[_at];
            var visitor = new Visitor(this, share.DatabaseId);
            _cursor = HashTable<EntryLayout>.Scan(_space.Arena, in share.Partition.Table, _cursor, Math.Min(entries, EntriesPerScan), ref visitor);
            entries -= Math.Max(1, visitor.Weight);
            if (_cursor == 0) FinishShare(share);
        }
        return IsDone;
    }

    /// <summary>Writes nothing more; the walk must still be finished, so that all marks agree for the next one.</summary>
    public void Abort()
    {
        _space.Huge.Drop();
        _sink = _hugeSink = null;
    }

    /// <summary>An entry that was not yet visited is about to change.</summary>
    public void Keep(Partition partition, BlockRef block)
    {
        for (int i = _at; i < _shares.Count; i++)
        {
            Share share = _shares[i];
            if (share.Partition != partition) continue;
            HandOver(share.DatabaseId, block);
            Relieve();
            return;
        }
    }

    /// <summary>Finishes what is under way in this turn where too much waits for it.</summary>
    public void Relieve()
    {
        while (_hugeSink is not null && _hugeSink.HeldBytes + _space.Huge.Bytes > _space.Huge.HeldBytesMax && TryStepHuge(ElementsPerStep)) { }
    }

    /// <summary>A table is taken out of its database; true if the walk still needs it, and will bury it itself.</summary>
    public bool Claims(Partition partition)
    {
        for (int i = _at; i < _shares.Count; i++)
        {
            if (_shares[i].Partition != partition) continue;
            _shares[i].IsDetached = true;
            return true;
        }
        return false;
    }

    /// <summary>Returns what it cost, in small entries.</summary>
    private int HandOver(int databaseId, BlockRef block)
    {
        if (_sink is null) return 1;
        var entry = new SnapshotEntry(_space.Arena, block);
        if (_hugeSink is null || !_space.Huge.TryBegin(databaseId, block, in entry, _hugeSink)) _sink.Take(databaseId, entry);
        return entry.IsTogether && entry.Value.Length <= LightBytesMax ? 1 : HeavyWeight;
    }

    /// <summary>Goes on with a large collection, or with what had to wait for it; false where there is neither.</summary>
    private bool TryStepHuge(int elements)
    {
        if (_hugeSink is null) return false;
        if (!_space.Huge.HasTurn && !_hugeSink.TryRelease()) return true;
        if (_space.Huge.IsEmpty) return false;
        _space.Huge.Step(elements);
        return true;
    }

    private void FinishShare(Share share)
    {
        if (share.IsDetached) _space.Graveyard.Bury(share.Partition);
        _at++;
    }

    private sealed class Share(int databaseId, Partition partition)
    {
        public int DatabaseId { get; } = databaseId;

        public Partition Partition { get; } = partition;

        public bool IsDetached { get; set; }
    }

    private readonly struct Showing(Arena arena, ISnapshotSink sink, int databaseId) : IBlockVisitor
    {
        public void Visit(BlockRef block) => sink.Take(databaseId, new SnapshotEntry(arena, block));
    }

    private struct Visitor(SnapshotWalk walk, int databaseId) : IBlockVisitor
    {
        /// <summary>What was visited, in small entries.</summary>
        public int Weight;

        public void Visit(BlockRef block)
        {
            Arena arena = walk._space.Arena;
            Span<byte> head = arena.Span(block, EntryLayout.NarrowHeader);
            if (((EntryFlags)head[0] & EntryFlags.Mark) == walk._space.Mark)
            {
                Weight++;
                return;
            }
            Weight += walk.HandOver(databaseId, block);
            head[0] ^= (byte)EntryFlags.Mark;
        }
    }
}

/// <summary>Takes the entries of a snapshot, in no order; under the gate, so it only copies.</summary>
public interface ISnapshotSink
{
    /// <summary>It has more than it can store now: the walk waits. What changes is still handed over.</summary>
    bool IsBusy { get; }

    void Take(int databaseId, SnapshotEntry entry);
}

/// <summary>An entry as a snapshot hands it over.</summary>
public readonly ref struct SnapshotEntry
{
    private readonly Arena _memory;
    private readonly ReadOnlySpan<byte> _value;

    internal SnapshotEntry(Arena arena, BlockRef block)
    {
        EntryShape shape = EntryShape.Read(arena, block);
        ReadOnlySpan<byte> entry = arena.Span(block, shape.TotalBytes);
        _memory = arena;
        Type = shape.Type;
        Use = (uint)(entry[1] | (entry[2] << 8) | (entry[3] << 16));
        Key = shape.KeyIn(arena, block);
        _value = shape.ValueIn(arena, block);
        ExpiresAtMs = shape.Has(EntryFlags.Expires)
            ? System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(entry[shape.ExpiryOffset..])
            : Database.NoExpiry;
    }

    /// <summary>A copy of one whose value lies together (<see cref="IsTogether"/>).</summary>
    internal SnapshotEntry(KeyType type, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        // Nothing of it lies elsewhere.
        _memory = null!;
        Type = type;
        Key = key;
        _value = value;
        ExpiresAtMs = Database.NoExpiry;
    }

    public KeyType Type { get; }

    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value is all in its bytes: a string, or a collection that is packed into its entry.</summary>
    internal bool IsTogether => Type == KeyType.String || !View.Form.IsRooted;

    /// <summary>The bytes of the value as they lie in the entry.</summary>
    internal ReadOnlySpan<byte> Value => _value;

    /// <summary>The bytes of a string value.</summary>
    public ReadOnlySpan<byte> String => _value;

    /// <summary>The 24 bits that tell of its last use (<see cref="KeyspaceClock"/>).</summary>
    internal uint Use { get; }

    /// <summary>The collection, where it is one.</summary>
    internal Values.CollectionView View => new(_memory, _value);

    /// <summary>When it expires, in milliseconds since 1970, or -1.</summary>
    public long ExpiresAtMs { get; }
}
