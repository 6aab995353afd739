using System.Numerics;
using System.Runtime.InteropServices;

namespace Galley.Store.Types;

/// <summary>A string as a row of bits: bit 0 is the highest of the first byte.</summary>
internal static class BitString
{
    public const int BitsPerByte = 8;

    /// <summary>The bit at this offset; beyond the end all are clear.</summary>
    public static bool Get(ReadOnlySpan<byte> bytes, long offset)
    {
        long at = offset / BitsPerByte;
        return at < bytes.Length && (bytes[(int)at] & MaskOf(offset)) != 0;
    }

    /// <summary>Writes the bit at this offset, which lies within the string.</summary>
    public static void Set(Span<byte> bytes, long offset, bool bit)
    {
        ref byte place = ref bytes[(int)(offset / BitsPerByte)];
        place = (byte)(bit ? place | MaskOf(offset) : place & ~MaskOf(offset));
    }

    /// <summary>How many bits are set.</summary>
    public static long CountOnes(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ReadOnlySpan<byte> rest = bytes[(words.Length * sizeof(ulong))..];
        // Four sums that do not wait for each other: the processor counts a word in each cycle.
        long first = 0, second = 0, third = 0, fourth = 0;
        while (words.Length >= 4)
        {
            first += BitOperations.PopCount(words[0]);
            second += BitOperations.PopCount(words[1]);
            third += BitOperations.PopCount(words[2]);
            fourth += BitOperations.PopCount(words[3]);
            words = words[4..];
        }
        foreach (ulong word in words) first += BitOperations.PopCount(word);
        foreach (byte one in rest) second += BitOperations.PopCount(one);
        return first + second + third + fourth;
    }

    /// <summary>How many bits are set from the first to the last, both included and within the string.</summary>
    public static long CountOnes(ReadOnlySpan<byte> bytes, long firstBit, long lastBit)
    {
        ReadOnlySpan<byte> part = bytes[(int)(firstBit / BitsPerByte)..((int)(lastBit / BitsPerByte) + 1)];
        int before = part[0] & ~TailMask(firstBit);
        int after = part[^1] & (TailMask(lastBit) >> 1);
        return CountOnes(part) - BitOperations.PopCount((uint)before) - BitOperations.PopCount((uint)after);
    }

    /// <summary>The first bit that is so from the first to the last, both included and within the string; -1 if there is none.</summary>
    public static long IndexOf(ReadOnlySpan<byte> bytes, bool bit, long firstBit, long lastBit)
    {
        byte without = bit ? (byte)0 : byte.MaxValue; // A byte in which there is no such bit.
        int at = (int)(firstBit / BitsPerByte);
        int end = (int)(lastBit / BitsPerByte) + 1;
        int tail = TailMask(firstBit);
        byte found = (byte)((bytes[at] & tail) | (without & ~tail));
        if (found == without)
        {
            int skipped = bytes[(at + 1)..end].IndexOfAnyExcept(without);
            if (skipped < 0) return -1;
            at += 1 + skipped;
            found = bytes[at];
        }
        long index = (long)at * BitsPerByte + BitOperations.LeadingZeroCount((uint)(found ^ without) << 24);
        return index <= lastBit ? index : -1;
    }

    private static int MaskOf(long offset) => 0x80 >> (int)(offset % BitsPerByte);

    /// <summary>Of its byte, this bit and those after it.</summary>
    private static int TailMask(long offset) => 0xFF >> (int)(offset % BitsPerByte);
}
