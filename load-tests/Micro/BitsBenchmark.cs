using System.Numerics;
using Galley.Store.Types;

namespace Galley.LoadTests.Micro;

/// <summary>Bits of strings that lie in the cache and that do not, and the registers of a HyperLogLog: by vectors, and one by one.</summary>
internal static class BitsBenchmark
{
    private const int CachedBytes = 16 * 1024;
    private const int LargeBytes = 64 * 1024 * 1024;
    private const int Merges = 10_000;

    public static void Run()
    {
        foreach (int length in (int[])[CachedBytes, LargeBytes]) RunStrings(length);
        RunRegisters();
    }

    private static void RunStrings(int length)
    {
        byte[] bytes = new byte[length], other = new byte[length];
        new Random(1).NextBytes(bytes);
        new Random(2).NextBytes(other);
        int repeats = LargeBytes / length;
        long ones = 0;
        PrintRate($"bits: CountOnes of {length >> 10} KiB", length, Time(repeats, () => ones += BitString.CountOnes(bytes)));
        PrintRate("bits: the same, byte by byte", length, Time(Math.Max(1, repeats / 10), () =>
        {
            foreach (byte one in bytes) ones += BitOperations.PopCount(one);
        }));
        PrintRate($"bits: And of {length >> 10} KiB", length, Time(repeats, () => Bitwise.And(bytes, other)));
        PrintRate("bits: the same, byte by byte", length, Time(Math.Max(1, repeats / 10), () =>
        {
            for (int i = 0; i < bytes.Length; i++) bytes[i] &= other[i];
        }));
        GC.KeepAlive(ones);
    }

    private static void RunRegisters()
    {
        byte[] registers = new byte[DenseRegisters.Bytes], ranks = new byte[HyperLogLog.Registers];
        new Random(3).NextBytes(registers);
        Measure.Print("registers: MergeInto of 16,384", Time(Merges, () => DenseRegisters.MergeInto(ranks, registers)), "ns");
        Measure.Print("registers: the same, one by one", Time(Merges, () =>
        {
            for (int i = 0; i < ranks.Length; i++) ranks[i] = Math.Max(ranks[i], (byte)DenseRegisters.Get(registers, i));
        }), "ns");
        Measure.Print("registers: Pack of 16,384", Time(Merges, () => DenseRegisters.Pack(ranks, registers)), "ns");
        for (int i = 0; i < ranks.Length; i++) ranks[i] = (byte)(6 + BitOperations.TrailingZeroCount(i | (1 << 14))); // As of a million elements.
        ulong count = 0;
        Measure.Print("registers: histogram and estimate", Time(Merges, () =>
        {
            var histogram = new RankHistogram();
            histogram.Add(ranks);
            count += histogram.EstimateCount();
        }), "ns");
        GC.KeepAlive(count);
    }

    private static double Time(int repeats, Action action) => Measure.NanosecondsAn(repeats, () =>
    {
        for (int i = 0; i < repeats; i++) action();
    });

    private static void PrintRate(string what, int bytes, double nanoseconds) => Measure.Print(what, bytes / nanoseconds, "GB/s");
}
