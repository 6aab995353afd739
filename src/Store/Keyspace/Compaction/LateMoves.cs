using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Compaction;

/// <summary>
/// Large collections that the walk over the entries has met, each to be moved piece by piece before the walk goes on: so there
/// are never more than one step meets. They are found again by their names, for anything may become of them between two turns.
/// </summary>
internal sealed class LateMoves
{
    /// <summary>More elements than this are never moved at once.</summary>
    private const long AtOnceLimit = 256;

    private readonly Queue<Collection> _waiting = new();
    private MovePlace _place;

    /// <summary>A collection of no more elements is moved at once.</summary>
    public long AtOnceMax { get; set => field = Math.Min(value, AtOnceLimit); } = AtOnceLimit;

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(Database database, ReadOnlySpan<byte> name, KeyType type) => _waiting.Enqueue(new Collection(database, name.ToArray(), type));

    /// <summary>Goes on with the first one, until the budget is spent or it is done. There is one.</summary>
    public void Step(BlockMover mover)
    {
        Collection first = _waiting.Peek();
        mover.Budget--;
        if (first.TryFindRoot(mover.Arena, out Span<byte> root) && !RootedValue.Of(first.Type).Move(mover, root, ref _place)) return;
        _waiting.Dequeue();
        _place = default;
    }

    public void Clear()
    {
        _waiting.Clear();
        _place = default;
    }

    private readonly record struct Collection(Database Database, byte[] Name, KeyType Type)
    {
        public bool TryFindRoot(Arena arena, out Span<byte> root)
        {
            root = default;
            if (!EntryMover.MayMove(Database.Space)) return false;
            ulong hash = Database.Space.Hashing.Of(Name);
            if (Database.PartitionOf(Name, hash) is not { } partition) return false;
            if (!HashTable<EntryLayout>.Find(arena, in partition.Table, hash, Name, out BlockRef block).IsFound) return false;
            EntryShape shape = EntryShape.Read(arena, block);
            return shape.Type == Type && EntryMover.TryRoot(arena, block, shape, out root);
        }
    }
}
