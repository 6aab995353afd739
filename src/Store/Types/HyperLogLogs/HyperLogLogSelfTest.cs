using System.Buffers.Binary;

namespace Galley.Store.Types;

/// <summary>
/// What PFSELFTEST runs on this very machine: the vectors of its processor against registers looked at one by one, and
/// counts against the number of elements that were added. Every run is the same.
/// </summary>
internal static class HyperLogLogSelfTest
{
    private const int Rounds = 20;
    private const int Elements = 1_000_000;

    /// <summary>The expected error of a count.</summary>
    private static readonly double StandardError = 1.04 / Math.Sqrt(HyperLogLog.Registers);

    /// <summary>What went wrong; empty if nothing did.</summary>
    public static string Run()
    {
        string failure = TestRegisters();
        return failure.Length > 0 ? failure : TestCounts();
    }

    /// <summary>Registers are what they were set to, and packing loses nothing.</summary>
    private static string TestRegisters()
    {
        Span<byte> expected = stackalloc byte[HyperLogLog.Registers];
        Span<byte> unpacked = stackalloc byte[HyperLogLog.Registers];
        Span<byte> registers = stackalloc byte[DenseRegisters.Bytes];
        Span<byte> packed = stackalloc byte[DenseRegisters.Bytes];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < HyperLogLog.Registers; i++)
            {
                expected[i] = (byte)(Number(round, i) % (HyperLogLog.RankMax + 1));
                DenseRegisters.Set(registers, i, expected[i]);
            }
            DenseRegisters.Unpack(registers, unpacked);
            DenseRegisters.Pack(expected, packed);
            for (int i = 0; i < HyperLogLog.Registers; i++)
            {
                int found = DenseRegisters.Get(registers, i);
                if (found != expected[i] || unpacked[i] != expected[i]) return $"Register {i} should be {expected[i]} but is {found}";
            }
            if (!packed.SequenceEqual(registers)) return "Registers that were packed differ from those that were set";
        }
        return "";
    }

    /// <summary>At each power of ten the count is right within five times the expected error, dense and sparse alike.</summary>
    private static string TestCounts()
    {
        Span<byte> element = stackalloc byte[sizeof(ulong)];
        var sparse = new HyperLogLogDraft(default, sparseBytesMax: 3000);
        var dense = new HyperLogLogDraft(default, sparseBytesMax: 0);
        string failure = "";
        int checkpoint = 1;
        for (int added = 1; added <= Elements && failure.Length == 0; added++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(element, Number(Rounds, added));
            var next = HyperLogLogElement.Of(element);
            if (!sparse.TryAdd(next, out _) || !dense.TryAdd(next, out _)) failure = "Registers became corrupt";
            if (added != checkpoint) continue;
            checkpoint *= 10;
            failure = Check(dense.Value, added);
            if (failure.Length == 0) failure = Check(sparse.Value, added);
        }
        sparse.Dispose();
        dense.Dispose();
        return failure;
    }

    private static string Check(ReadOnlySpan<byte> value, int added)
    {
        if (!HyperLogLog.TryCount(value, out ulong count)) return "Registers became corrupt";
        double tolerance = Math.Ceiling(5 * StandardError * added);
        return Math.Abs((double)count - added) <= tolerance ? "" : $"Too big error: card {count} should be {added}";
    }

    /// <summary>A number that looks random and is always the same: SplitMix64.</summary>
    private static ulong Number(int series, int index)
    {
        ulong z = unchecked(((ulong)series << 32 | (uint)index) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
