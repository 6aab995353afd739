using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Compaction;

/// <summary>
/// One compaction of the arena, in short turns: sparse spans are chosen, all owners of blocks are asked to move what lies in them,
/// and the pages that are empty then go back.
/// <code>
///   Counting  --&gt;  Choosing  --&gt;  Moving                                --&gt;  Releasing  --&gt;  Done
///   (census)      (no block is   databases, partitions, entries,         (what was not
///                  taken from     large collections piece by piece,       emptied is used
///                  them now)      then what lies beside the keyspace      again)
/// </code>
/// A cursor of the walk is a prefix of the hash, as SCAN's: commands may do anything meanwhile. What the walk does not meet
/// stays where it is: chunks of the expiry wheels (the sweep makes them anew when half of them is stale), what waits in
/// the graveyard, quarantine, and collections while a snapshot is taken. Large blocks never move: they are whole pages.
/// </summary>
internal sealed class CompactionPass(Databases space, IReadOnlyList<IBlockOwner> others)
{
    /// <summary>Looking at the header of a page is so much less than looking at a block.</summary>
    private const int PagesPerBlock = 16;

    private readonly Databases _space = space;
    private readonly IReadOnlyList<IBlockOwner> _others = others;
    private readonly SpanCensus _census = new();
    private readonly LateMoves _late = new();
    private int _page;
    private int _database;
    private int _partition;
    private int _other;
    private ulong _cursor;

    public CompactionPhase Phase { get; private set; } = CompactionPhase.Done;

    public BlockMover Mover { get; } = new(space.Arena);

    public MoveCounts Counts { get; } = new();

    /// <summary>Bytes of pages that it can give back; known when it has counted.</summary>
    public long GainBytes => _census.GainBytes;

    /// <summary>A collection of no more elements is moved at once.</summary>
    public long AtOnceMax { set => _late.AtOnceMax = value; }

    public void Begin()
    {
        _census.Clear();
        Enter(CompactionPhase.Counting);
    }

    /// <summary>Begins to move every block: for tests.</summary>
    internal void BeginWithAll()
    {
        _space.Arena.EvacuateAll();
        EnterMoving();
    }

    /// <summary>Ends what is under way: what was chosen is used again.</summary>
    public void Abandon()
    {
        _late.Clear();
        if (Phase is CompactionPhase.Choosing or CompactionPhase.Moving) Enter(CompactionPhase.Releasing);
        else if (Phase == CompactionPhase.Counting) Enter(CompactionPhase.Done);
    }

    /// <summary>Goes on by about so many blocks, at most to the end of a phase; true when it is done.</summary>
    public bool Step(int blocks)
    {
        Arena arena = _space.Arena;
        int pages = blocks * PagesPerBlock;
        switch (Phase)
        {
            case CompactionPhase.Counting:
                if (!arena.CountSpans(_census, ref _page, pages)) break;
                _census.Decide();
                Enter(CompactionPhase.Choosing);
                break;
            case CompactionPhase.Choosing:
                if (arena.EvacuateSparse(_census, ref _page, pages)) EnterMoving();
                break;
            case CompactionPhase.Moving:
                Mover.Budget = blocks;
                if (MoveOn()) Enter(CompactionPhase.Releasing);
                break;
            case CompactionPhase.Releasing:
                if (arena.EndEvacuation(ref _page, pages)) Enter(CompactionPhase.Done);
                break;
        }
        return Phase == CompactionPhase.Done;
    }

    private void Enter(CompactionPhase phase)
    {
        Phase = phase;
        _page = 1;
    }

    private void EnterMoving()
    {
        (_database, _partition, _other, _cursor) = (0, 0, 0, 0);
        Enter(CompactionPhase.Moving);
    }

    /// <summary>Moves on until the budget is spent; true when nothing is left to be shown, or to be emptied.</summary>
    private bool MoveOn()
    {
        while (!Mover.IsSpent)
        {
            if (_space.Arena.EvacuatedSpans == 0) _late.Clear();
            if (_space.Arena.EvacuatedSpans == 0) return true;
            if (!_late.IsEmpty) _late.Step(Mover);
            else if (_database < _space.Count) MoveEntries(_space[_database]);
            else if (_other < _others.Count) MoveOther();
            else return true;
        }
        return false;
    }

    private void MoveEntries(Database database)
    {
        if (_partition == database.PartitionSlots || database.Count == 0)
        {
            (_database, _partition, _cursor) = (_database + 1, 0, 0);
            return;
        }
        Mover.Budget--;
        if (database.PartitionAt(_partition) is { Count: > 0 } partition)
        {
            var entries = new EntryMover(database, _late, Counts);
            _cursor = HashTable<EntryLayout>.Move(Mover, ref partition.Table, _cursor, ref entries);
            if (_cursor != 0) return;
        }
        (_partition, _cursor) = (_partition + 1, 0);
    }

    private void MoveOther()
    {
        Mover.Budget--;
        _cursor = _others[_other].Move(Mover, _cursor);
        if (_cursor == 0) _other++;
    }
}

/// <summary>What a <see cref="CompactionPass"/> is about.</summary>
internal enum CompactionPhase : byte
{
    Done,
    Counting,
    Choosing,
    Moving,
    Releasing,
}
