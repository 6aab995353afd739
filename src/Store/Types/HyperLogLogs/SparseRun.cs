namespace Galley.Store.Types;

/// <summary>
/// Neighbouring registers of the same rank, as the sparse form says them:
/// <code>
///   00xxxxxx            1 to 64 empty registers
///   01xxxxxx xxxxxxxx   1 to 16,384 empty registers
///   1rrrrrxx            1 to 4 registers of rank 1 to 32
/// </code>
/// All numbers are one less than what they stand for.
/// </summary>
/// <param name="Rank">0 for empty registers.</param>
/// <param name="Bytes">How many bytes say so; one more than are there if the last is missing.</param>
internal readonly record struct SparseRun(int Rank, int Registers, int Bytes)
{
    public const int RankMax = 32;
    public const int RankedMax = 4;
    public const int BytesMax = 2;

    private const int ShortEmptyMax = 64;
    private const byte Ranked = 0x80;
    private const byte LongEmpty = 0x40;

    public bool IsEmpty => Rank == 0;

    /// <summary>It takes two bytes, which redis-server names by a capital.</summary>
    public bool IsLong => Bytes == 2;

    public static SparseRun Empty(int registers) => new(0, registers, registers > ShortEmptyMax ? 2 : 1);

    public static SparseRun Of(int rank, int registers) => new(rank, registers, 1);

    /// <summary>The run that begins at this byte. A second byte that is missing counts as zero.</summary>
    public static SparseRun Read(ReadOnlySpan<byte> runs, int at)
    {
        int first = runs[at];
        if ((first & Ranked) != 0) return new SparseRun(((first >> 2) & 0x1F) + 1, (first & 0x03) + 1, 1);
        if ((first & LongEmpty) == 0) return new SparseRun(0, first + 1, 1);
        int second = at + 1 < runs.Length ? runs[at + 1] : 0;
        return new SparseRun(0, (((first & 0x3F) << 8) | second) + 1, 2);
    }

    /// <summary>Writes it and returns how many bytes that took.</summary>
    public int WriteTo(Span<byte> place)
    {
        int registers = Registers - 1;
        if (!IsEmpty) place[0] = (byte)(Ranked | ((Rank - 1) << 2) | registers);
        else if (!IsLong) place[0] = (byte)registers;
        else
        {
            place[0] = (byte)(LongEmpty | (registers >> 8));
            place[1] = (byte)registers;
        }
        return Bytes;
    }
}
