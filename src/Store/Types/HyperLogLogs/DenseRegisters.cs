using System.Runtime.Intrinsics;

namespace Galley.Store.Types;

/// <summary>
/// All 16,384 registers in six bits each, the lowest bits first: four of them in three bytes. Sixteen at a time, that is
/// twelve bytes, are spread to a byte each, or packed again.
/// </summary>
internal static class DenseRegisters
{
    public const int BitsEach = 6;
    public const int Bytes = HyperLogLog.Registers * BitsEach / 8;

    private const int GroupRanks = 16;
    private const int GroupBytes = GroupRanks * BitsEach / 8;
    private const int RankMask = (1 << BitsEach) - 1;

    public static int Get(ReadOnlySpan<byte> registers, int index)
    {
        (int at, int shift) = int.DivRem(index * BitsEach, 8);
        int bits = registers[at] | (at + 1 < Bytes ? registers[at + 1] << 8 : 0);
        return (bits >> shift) & RankMask;
    }

    public static void Set(Span<byte> registers, int index, int rank)
    {
        (int at, int shift) = int.DivRem(index * BitsEach, 8);
        registers[at] = (byte)((registers[at] & ~(RankMask << shift)) | (rank << shift));
        int inNext = 8 - shift; // Bits of the rank that the first byte holds.
        if (inNext < BitsEach) registers[at + 1] = (byte)((registers[at + 1] & ~(RankMask >> inNext)) | (rank >> inNext));
    }

    /// <summary>Gives each register the rank of its element if that is higher; false if it is not.</summary>
    public static bool Raise(Span<byte> registers, HyperLogLogElement element)
    {
        if (Get(registers, element.Register) >= element.Rank) return false;
        Set(registers, element.Register, element.Rank);
        return true;
    }

    /// <summary>The ranks of all registers, a byte each.</summary>
    public static void Unpack(ReadOnlySpan<byte> registers, Span<byte> ranks)
    {
        ranks.Clear();
        MergeInto(ranks, registers);
    }

    /// <summary>Raises the ranks, a byte each, to those of the registers.</summary>
    public static void MergeInto(Span<byte> ranks, ReadOnlySpan<byte> registers)
    {
        int group = 0;
        // A group is read with the four bytes behind it, so the last one is for the loop below.
        for (; (group + 1) * GroupRanks < HyperLogLog.Registers; group++)
        {
            Vector128<byte> packed = Vector128.Create(registers.Slice(group * GroupBytes, Vector128<byte>.Count));
            Span<byte> place = ranks.Slice(group * GroupRanks, GroupRanks);
            Vector128.Max(Spread(packed), Vector128.Create<byte>(place)).CopyTo(place);
        }
        for (int i = group * GroupRanks; i < HyperLogLog.Registers; i++)
            ranks[i] = Math.Max(ranks[i], (byte)Get(registers, i));
    }

    /// <summary>The registers of these ranks, a byte each.</summary>
    public static void Pack(ReadOnlySpan<byte> ranks, Span<byte> registers)
    {
        int group = 0;
        for (; (group + 1) * GroupRanks < HyperLogLog.Registers; group++)
        {
            Vector128<byte> spread = Vector128.Create(ranks.Slice(group * GroupRanks, GroupRanks));
            Gather(spread).CopyTo(registers[(group * GroupBytes)..]); // Its four bytes too many are the next group's.
        }
        for (int i = group * GroupRanks; i < HyperLogLog.Registers; i++) Set(registers, i, ranks[i]);
    }

    /// <summary>Makes the six bits of each of sixteen registers a byte: in words of 32 bits, of which three bytes come in.</summary>
    private static Vector128<byte> Spread(Vector128<byte> packed)
    {
        Vector128<byte> order = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
        Vector128<uint> words = Vector128.Shuffle(packed, order).AsUInt32();
        Vector128<uint> bytes = (words & Vector128.Create(0x3Fu))
            | ((words & Vector128.Create(0xFC0u)) << 2)
            | ((words & Vector128.Create(0x3F000u)) << 4)
            | ((words & Vector128.Create(0xFC0000u)) << 6);
        return bytes.AsByte();
    }

    /// <summary>Makes sixteen bytes six bits each; the last four bytes are zero.</summary>
    private static Vector128<byte> Gather(Vector128<byte> spread)
    {
        Vector128<byte> order = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
        Vector128<uint> words = spread.AsUInt32();
        Vector128<uint> packed = (words & Vector128.Create(0x3Fu))
            | ((words >> 2) & Vector128.Create(0xFC0u))
            | ((words >> 4) & Vector128.Create(0x3F000u))
            | ((words >> 6) & Vector128.Create(0xFC0000u));
        return Vector128.Shuffle(packed.AsByte(), order);
    }
}
