using System.Diagnostics;
using Galley.Store.Memory;
using Galley.Store.Types;
using Table = Galley.Store.Types.HashTable<Galley.LoadTests.Micro.ElementLayout>;

namespace Galley.LoadTests.Micro;

/// <summary>
/// From nothing to 5 million elements: the slowest insertions (with the element's allocation and a turn each), the
/// collector's part, and the bytes of the table at every size.
/// </summary>
internal static class GrowthBenchmark
{
    private const int Count = 5_000_000;
    private static readonly KeyedHash Hashing = new(1, 2);
    private static readonly int[] Sizes = [1, 3, 10, 100, 1_000, 10_000, 100_000, 200_000, 250_000, 300_000, 1_000_000, 2_000_000, 5_000_000];

    /// <summary>Set GALLEY_MICRO_HUGE_PAGES=1 to compare.</summary>
    public static bool UseHugePages => Environment.GetEnvironmentVariable("GALLEY_MICRO_HUGE_PAGES") == "1";

    public static void Run()
    {
        PrintSlowest();
        PrintSawTooth();
    }

    /// <summary>
    /// The least of three runs for each insertion: with the same secret the same ones are slow, and what another
    /// process or an interrupt took is left out.
    /// </summary>
    private static void PrintSlowest()
    {
        var ticks = new long[Count];
        Array.Fill(ticks, long.MaxValue);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 3; run++) Grow(ticks);
        Measure.Print("growth: bytes allocated on the heap, an arena", (GC.GetAllocatedBytesForCurrentThread() - allocated) / 3.0, "B");
        int last = Array.IndexOf(ticks, ticks.Max());
        Array.Sort(ticks);
        Measure.Print("growth: median insertion", Microseconds(ticks[Count / 2]), "us");
        Measure.Print("growth: p99.9", Microseconds(ticks[(int)(Count * 0.999)]), "us");
        Measure.Print("growth: p99.999", Microseconds(ticks[(int)(Count * 0.99999)]), "us");
        Measure.Print($"growth: slowest (the {last:N0}th)", Microseconds(ticks[^1]), "us");
    }

    private static void Grow(long[] ticks)
    {
        using var arena = new Arena(1L << 36, aheadBytes: 4 << 20, useHugePages: UseHugePages);
        var root = default(HashTableRoot);
        Span<byte> buffer = stackalloc byte[16];
        for (int i = 0; i < ticks.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ReadOnlySpan<byte> key = Keys.Write(i, buffer);
            Table.Insert(arena, ref root, Hashing, Hashing.Of(key), ElementLayout.Make(arena, key));
            arena.EndTurn();
            ticks[i] = Math.Min(ticks[i], Stopwatch.GetTimestamp() - start);
        }
    }

    private static void PrintSawTooth()
    {
        using var arena = new Arena(1L << 36);
        var root = default(HashTableRoot);
        Span<byte> buffer = stackalloc byte[16];
        double worst = 0;
        for (int i = 1; i <= Count; i++)
        {
            ReadOnlySpan<byte> key = Keys.Write(i, buffer);
            Table.Insert(arena, ref root, Hashing, Hashing.Of(key), ElementLayout.Make(arena, key));
            if (i % 50_000 == 0 && i >= 100_000) worst = Math.Max(worst, (double)Table.Verify(arena, root, Hashing) / i);
            if (Array.IndexOf(Sizes, i) < 0) continue;
            Measure.Print($"table of {i:N0}: bytes an element", (double)Table.Verify(arena, root, Hashing) / i, "B");
            Measure.Print($"table of {i:N0}: free room in pages, an element", (double)(arena.CommittedBytes - arena.UsedBytes) / i, "B");
        }

        Measure.Print("table from 100,000 on: bytes an element, worst", worst, "B");
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
