namespace Galley.Store.Types;

/// <summary>What became of a register that was to be raised.</summary>
internal enum SparseOutcome : byte
{
    /// <summary>Its rank was as high already.</summary>
    Unchanged,
    Raised,

    /// <summary>The sparse form cannot say it, or not in so many bytes.</summary>
    MustBeDense,

    /// <summary>No run is there for the register.</summary>
    Corrupt,
}

/// <summary>
/// Registers as runs of the same rank, in a buffer with room to grow. The runs come out as redis-server would have made
/// them of the same elements in the same order: what it joins is joined, and what it leaves apart stays apart.
/// </summary>
internal ref struct SparseRegisters
{
    /// <summary>More bytes cannot say 16,384 registers, however clumsily.</summary>
    public const int BytesMax = SparseRun.BytesMax * HyperLogLog.Registers;

    /// <summary>A run in pieces: empty registers, one of the new rank, empty registers.</summary>
    private const int PiecesBytesMax = 5;

    /// <summary>How many runs are looked at for neighbours of the same rank, from the one before the change on.</summary>
    private const int JoinedRunsMax = 5;

    private readonly Span<byte> _room;
    private readonly long _bytesMax;
    private Place _resume;

    /// <param name="room">Begins with the runs; it is as long as they may become.</param>
    /// <param name="length">How many bytes the runs have.</param>
    /// <param name="bytesMax">They do not grow beyond it.</param>
    public SparseRegisters(Span<byte> room, int length, long bytesMax)
    {
        _room = room;
        Length = length;
        _bytesMax = Math.Min(bytesMax, room.Length);
    }

    public int Length { get; private set; }

    private readonly ReadOnlySpan<byte> Runs => _room[..Length];

    /// <summary>Counts the registers of each rank; false if the runs do not make up all registers.</summary>
    public static bool TryAddTo(ref RankHistogram histogram, ReadOnlySpan<byte> runs)
    {
        int registers = 0;
        for (int at = 0; at < runs.Length;)
        {
            var run = SparseRun.Read(runs, at);
            registers += run.Registers;
            at += run.Bytes;
            if (registers > HyperLogLog.Registers || at > runs.Length) return false;
            histogram.Add(run.Rank, run.Registers);
        }
        return registers == HyperLogLog.Registers;
    }

    /// <summary>Raises the ranks, a byte each, to those of the registers; false if the runs do not make up all registers.</summary>
    public static bool TryMergeInto(Span<byte> ranks, ReadOnlySpan<byte> runs)
    {
        int registers = 0;
        for (int at = 0; at < runs.Length;)
        {
            var run = SparseRun.Read(runs, at);
            at += run.Bytes;
            if (registers + run.Registers > HyperLogLog.Registers || at > runs.Length) return false;
            if (!run.IsEmpty)
                foreach (ref byte rank in ranks.Slice(registers, run.Registers)) rank = Math.Max(rank, (byte)run.Rank);
            registers += run.Registers;
        }
        return registers == HyperLogLog.Registers;
    }

    /// <summary>Gives the register of the element its rank if that is higher.</summary>
    public SparseOutcome Raise(HyperLogLogElement element)
    {
        if (element.Rank > SparseRun.RankMax) return SparseOutcome.MustBeDense;
        if (!TryFind(element.Register, out Place place, out Place previous)) return SparseOutcome.Corrupt;
        _resume = previous;
        var run = SparseRun.Read(Runs, place.At);
        if (run.Rank >= element.Rank) return SparseOutcome.Unchanged;

        Span<byte> pieces = stackalloc byte[PiecesBytesMax];
        int size = Split(run, element.Register - place.Register, element.Rank, pieces);
        int growth = size - run.Bytes;
        if (growth > 0 && Length + growth > _bytesMax) return SparseOutcome.MustBeDense;
        _room[(place.At + run.Bytes)..Length].CopyTo(_room[(place.At + size)..]);
        pieces[..size].CopyTo(_room[place.At..]);
        Length += growth;
        Join(previous.At);
        return SparseOutcome.Raised;
    }

    /// <summary>
    /// Finds the run of a register and the one before it. Registers that come in their order, as in a merge, are each looked
    /// for from where the last was found.
    /// </summary>
    private readonly bool TryFind(int register, out Place place, out Place previous)
    {
        place = default;
        if (_resume.At < Length && register >= _resume.Register + SparseRun.Read(Runs, _resume.At).Registers) place = _resume;
        previous = place;
        while (place.At < Length)
        {
            var run = SparseRun.Read(Runs, place.At);
            int next = place.At + run.Bytes;
            if (register < place.Register + run.Registers) return next <= Length;
            previous = place;
            place = new Place(next, place.Register + run.Registers);
        }
        return false;
    }

    /// <summary>Writes the run with another rank for one of its registers, and returns how many bytes that took.</summary>
    private static int Split(SparseRun run, int before, int rank, Span<byte> pieces)
    {
        int after = run.Registers - before - 1;
        int size = before > 0 ? Part(run, before).WriteTo(pieces) : 0;
        size += SparseRun.Of(rank, 1).WriteTo(pieces[size..]);
        return after > 0 ? size + Part(run, after).WriteTo(pieces[size..]) : size;
    }

    private static SparseRun Part(SparseRun run, int registers) =>
        run.IsEmpty ? SparseRun.Empty(registers) : SparseRun.Of(run.Rank, registers);

    /// <summary>Joins neighbours of the same rank among the runs from this one on; empty ones are left as they are.</summary>
    private void Join(int at)
    {
        for (int seen = 0; seen < JoinedRunsMax && at < Length; seen++)
        {
            var run = SparseRun.Read(Runs, at);
            int next = at + run.Bytes;
            if (!run.IsEmpty && next < Length)
            {
                var following = SparseRun.Read(Runs, next);
                int registers = run.Registers + following.Registers;
                if (following.Rank == run.Rank && registers <= SparseRun.RankedMax)
                {
                    SparseRun.Of(run.Rank, registers).WriteTo(_room[at..]);
                    _room[(next + 1)..Length].CopyTo(_room[next..]);
                    Length--;
                    continue;
                }
            }
            at = next;
        }
    }

    /// <summary>Where a run begins, and with which register.</summary>
    private readonly record struct Place(int At, int Register);
}
