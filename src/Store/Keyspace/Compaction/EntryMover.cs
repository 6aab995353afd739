using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Compaction;

/// <summary>
/// Moves an entry, and what belongs to it: a small collection at once, a large one is left for later (<see cref="LateMoves"/>).
/// </summary>
internal readonly struct EntryMover(Database database, LateMoves late, MoveCounts counts) : IElementMover
{
    /// <summary>What a small collection may cost: about a tenth of a millisecond.</summary>
    private const int WholeBudget = 2048;

    public bool Move(BlockMover mover, ref BlockRef block)
    {
        EntryShape shape = EntryShape.Read(mover.Arena, block);
        if (!TryRoot(mover.Arena, block, shape, out _))
        {
            bool isMoved = mover.TryMove(ref block);
            counts.Count(isMoved);
            return isMoved;
        }
        return MayMove(database.Space) && MoveRooted(mover, ref block, shape);
    }

    /// <summary>
    /// Structures stay where they are while a snapshot is taken, and their entries with them: it may know one by its entry, and
    /// its leaves by where they lie.
    /// </summary>
    public static bool MayMove(Databases space) => space.Snapshot is null;

    /// <summary>The root in an entry, to be changed; false where it has none.</summary>
    public static bool TryRoot(Arena arena, BlockRef block, EntryShape shape, out Span<byte> root)
    {
        root = default;
        if (shape.Type == KeyType.String) return false;
        Span<byte> value = arena.Span(block, shape.TotalBytes)[shape.ValueOffset..];
        if (!new ValueForm(value[0]).IsRooted) return false;
        root = value[ValueForm.RootedHeader..];
        return true;
    }

    private bool MoveRooted(BlockMover mover, ref BlockRef block, EntryShape shape)
    {
        long before = mover.Moved;
        bool isMoved = mover.TryMove(ref block);
        TryRoot(mover.Arena, block, shape, out Span<byte> root);
        RootedValue kind = RootedValue.Of(shape.Type);
        bool isWhole = kind.Count(root) <= late.AtOnceMax && TryMoveWhole(mover, kind, root);
        if (!isWhole) late.Add(database, shape.KeyIn(mover.Arena, block), shape.Type);
        counts.Count(mover.Moved > before);
        return isMoved;
    }

    /// <summary>False where it is more than one step is to do: what was moved until then is not moved again.</summary>
    private static bool TryMoveWhole(BlockMover mover, RootedValue kind, Span<byte> root)
    {
        int budget = mover.Budget;
        mover.Budget = WholeBudget;
        var place = new MovePlace();
        bool isWhole = kind.Move(mover, root, ref place);
        mover.Budget = budget - (WholeBudget - mover.Budget);
        return isWhole;
    }
}

/// <summary>Keys of which something was moved, and keys of which nothing had to be.</summary>
internal sealed class MoveCounts
{
    public long KeysMoved { get; private set; }

    public long KeysLeft { get; private set; }

    public void Count(bool isMoved)
    {
        if (isMoved) KeysMoved++;
        else KeysLeft++;
    }

    public void Clear() => KeysMoved = KeysLeft = 0;
}
