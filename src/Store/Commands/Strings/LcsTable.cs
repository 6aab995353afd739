// The longest common subsequence of two strings, by dynamic programming (Wagner and Fischer), and the way back.
//
//   length[i, j]   of the first i bytes of a and the first j of b. Only two rows of it live at a time.
//   isUp[i, j]     one bit: where a[i-1] differs from b[j-1], the longer way goes on with i-1 and not with j-1.
//
//        b:   m y n e w        The way back starts at the bottom right. Equal bytes belong to the result and go one up
//   a:  o     . . . . .        and one left; else the bit says which. Ties go left, as in redis-server, so that the
//       h     . . . . .        runs found are the same ones.
//       m     \ < < < <
//       y     . \ < < <        Runs of equal bytes come out last first, as LCS IDX lists them.
//
// redis-server keeps all lengths: 4 bytes a cell. One bit suffices for the way back, so its limit of proto-max-bulk-len
// (512 MiB, for two strings of 11,585 bytes) is 16 MiB here; without the way back, nothing but the rows.
// Time O(N*M); Hirschberg's linear space was not taken, because it does not find the same runs.

using System.Buffers;

namespace Galley.Store.Commands;

/// <summary>A run of equal bytes: where it is in both strings, and how long.</summary>
internal readonly record struct LcsRun(int InA, int InB, int Length);

internal ref struct LcsTable
{
    private readonly ReadOnlySpan<byte> _a;
    private readonly ReadOnlySpan<byte> _b;
    private readonly ulong[]? _isUp;
    private int _i;
    private int _j;

    /// <summary>Fills the table; with <paramref name="findsRuns"/> the way back is kept.</summary>
    public LcsTable(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, bool findsRuns)
    {
        _a = a;
        _b = b;
        _i = a.Length;
        _j = b.Length;
        if (findsRuns)
        {
            int words = (int)(((long)a.Length * b.Length + 63) / 64);
            _isUp = ArrayPool<ulong>.Shared.Rent(words);
            _isUp.AsSpan(0, words).Clear();
        }
        int[] row = ArrayPool<int>.Shared.Rent(b.Length + 1);
        Length = Fill(row.AsSpan(0, b.Length + 1));
        ArrayPool<int>.Shared.Return(row);
    }

    /// <summary>The length of the longest common subsequence.</summary>
    public int Length { get; }

    /// <summary>What redis-server's table for strings of these lengths takes, which decides what it refuses.</summary>
    public static long TableBytes(int lengthA, int lengthB) => (lengthA + 1L) * (lengthB + 1L) * sizeof(uint);

    /// <summary>The next run, from the end to the beginning.</summary>
    public bool TryTakeRun(out LcsRun run)
    {
        while (_i > 0 && _j > 0 && _a[_i - 1] != _b[_j - 1])
        {
            if (IsUp(_i, _j)) _i--;
            else _j--;
        }
        int length = 0;
        while (length < _i && length < _j && _a[_i - 1 - length] == _b[_j - 1 - length]) length++;
        _i -= length;
        _j -= length;
        run = new LcsRun(_i, _j, length);
        return length > 0;
    }

    public readonly void Dispose()
    {
        if (_isUp is not null) ArrayPool<ulong>.Shared.Return(_isUp);
    }

    /// <summary>Goes through the rows; one array holds the row above to the right of j, and this one to the left.</summary>
    private readonly int Fill(Span<int> row)
    {
        row.Clear();
        for (int i = 0; i < _a.Length; i++)
        {
            byte ours = _a[i];
            long bit = (long)i * _b.Length;
            int diagonal = 0;
            for (int j = 0; j < _b.Length; j++, bit++)
            {
                int above = row[j + 1], left = row[j];
                if (ours == _b[j]) row[j + 1] = diagonal + 1;
                else if (above > left) MarkUp(bit);
                else row[j + 1] = left;
                diagonal = above;
            }
        }
        return row[^1];
    }

    private readonly void MarkUp(long bit)
    {
        if (_isUp is not null) _isUp[bit >> 6] |= 1UL << (int)(bit & 63);
    }

    private readonly bool IsUp(int i, int j)
    {
        long bit = ((i - 1L) * _b.Length) + j - 1;
        return (_isUp![bit >> 6] & (1UL << (int)(bit & 63))) != 0;
    }
}
