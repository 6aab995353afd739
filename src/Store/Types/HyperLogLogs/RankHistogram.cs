using System.Runtime.CompilerServices;

namespace Galley.Store.Types;

/// <summary>
/// How many registers have each rank, and the number of elements that this speaks of: the estimator of Otmar Ertl, "New
/// cardinality estimation algorithms for HyperLogLog sketches" (2017), which redis-server has too.
/// </summary>
internal struct RankHistogram
{
    /// <summary>A register of six bits can hold more than a rank can be.</summary>
    private const int Ranks = 64;

    /// <summary>1 / (2 ln 2), the bias of the estimate with endless registers.</summary>
    private const double Alpha = 0.721347520444481703680;

    private Counts _counts;

    /// <summary>So many registers more have this rank.</summary>
    public void Add(int rank, int registers) => _counts[rank] += registers;

    /// <summary>Counts the ranks of registers, a byte each: rank by rank, a vector at a time, until none is left.</summary>
    public void Add(ReadOnlySpan<byte> ranks)
    {
        int left = ranks.Length;
        for (int rank = 0; rank < Ranks && left > 0; rank++)
        {
            int registers = ranks.Count((byte)rank);
            Add(rank, registers);
            left -= registers;
        }
    }

    /// <summary>
    /// The number of elements. Registers that no element can have raised so high count for nothing; with nothing but such,
    /// it is 2^63, as of redis-server.
    /// </summary>
    public readonly ulong EstimateCount()
    {
        const double m = HyperLogLog.Registers;
        double z = m * Tau((m - _counts[HyperLogLog.RankMax]) / m);
        for (int rank = HyperLogLog.RankMax - 1; rank >= 1; rank--) z = (z + _counts[rank]) * 0.5;
        z += m * Sigma(_counts[0] / m);
        double estimate = Math.Round(Alpha * m * m / z, MidpointRounding.AwayFromZero);
        return estimate < long.MaxValue ? (ulong)estimate : 1UL << 63;
    }

    /// <summary>The part of registers that are full.</summary>
    private static double Tau(double x)
    {
        if (x is 0 or 1) return 0;
        double y = 1, z = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (before != z);
        return z / 3;
    }

    /// <summary>The part of registers that are empty.</summary>
    private static double Sigma(double x)
    {
        if (x == 1) return double.PositiveInfinity;
        double y = 1, z = x, before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (before != z);
        return z;
    }

    [InlineArray(Ranks)]
    private struct Counts
    {
        private int _first;
    }
}
