using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Galley.Store.Types;

/// <summary>What else is asked of packed elements that come from outside, when <see cref="ListPack.IsValid"/> has found them whole.</summary>
internal static class ListPackCheck
{
    /// <summary>The most elements of which <see cref="AreDistinct"/> is asked.</summary>
    public const int DistinctCountMax = 128;

    /// <summary>Twice as many places, a power of two, so that a search for a free one is short.</summary>
    private const int Places = 2 * DistinctCountMax;

    private const int BitsPerWord = 64;

    /// <summary>Text with a head of one byte is no longer.</summary>
    private const int ShortTextBytesMax = 63;

    /// <summary>The most that an element takes which is an integer, or such text.</summary>
    private const int PlainBytesMax = ShortTextBytesMax + 2;

    /// <summary>
    /// As <see cref="ListPack.IsValid"/> and <see cref="IsCanonical"/> in one walk, which is short for what most elements
    /// are: integers, and text of up to 63 bytes, best if it begins with no digit. Everything that a file has is
    /// walked so once: it is compiled at its best from the start.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryWalk(ReadOnlySpan<byte> pack, out PackFacts facts)
    {
        int count = 0;
        int longest = 0;
        bool isCanonical = true;
        facts = default;
        for (int at = 0; at < pack.Length; count++)
        {
            byte first = pack[at];
            int body = first < 0x80 ? 1 : 1 + (first & 0x3F);
            int end = at + body + 1;
            bool isPlain = end <= pack.Length && (first < 0x80 || (first is > 0x80 and < 0xC0 && pack[at + 1] > '9'));
            if (!isPlain && TryInteger(pack[at..], out body, out bool isShortest))
            {
                isPlain = true;
                isCanonical &= isShortest;
                end = at + body + 1;
            }
            if (isPlain)
            {
                if (pack[end - 1] != body) return false;
                at = end;
                continue;
            }
            if (!ListPack.TryNext(pack, at, out end)) return false;
            isCanonical = isCanonical && IsKeptSo(ListPack.Read(pack, at), pack[at..end]);
            longest = Math.Max(longest, end - at);
            at = end;
        }
        facts = new PackFacts(count, isCanonical, Math.Max(longest, PlainBytesMax));
        return true;
    }

    /// <summary>
    /// The bytes begin with an integer of more than seven bits, and at least one byte is behind its body; what they are
    /// and whether it needs so many is told.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryInteger(ReadOnlySpan<byte> rest, out int body, out bool isShortest)
    {
        byte first = rest[0];
        body = first switch { >= 0xC0 and < 0xE0 => 2, 0xF1 => 3, 0xF2 => 4, 0xF3 => 5, 0xF4 => 9, _ => int.MaxValue };
        isShortest = false;
        if (body >= rest.Length) return false;
        isShortest = body switch
        {
            2 => (ushort)(((first & 0x1F) << 8) | rest[1]) > 127,
            3 => BinaryPrimitives.ReadInt16LittleEndian(rest[1..]) is < -4096 or > 4095,
            4 => (rest[1] | (rest[2] << 8) | (rest[3] << 16)) << 8 >> 8 is < short.MinValue or > short.MaxValue,
            5 => BinaryPrimitives.ReadInt32LittleEndian(rest[1..]) is < -(1 << 23) or >= 1 << 23,
            _ => BinaryPrimitives.ReadInt64LittleEndian(rest[1..]) is < int.MinValue or > int.MaxValue,
        };
        return true;
    }

    /// <summary>
    /// Each element is kept as <see cref="ListPack"/> itself would keep it: integers as such, in the shortest form. Other
    /// writers may keep them otherwise, and then equal elements had unequal bytes.
    /// </summary>
    public static bool IsCanonical(ReadOnlySpan<byte> pack)
    {
        for (int at = 0; at < pack.Length;)
        {
            int end = ListPack.Next(pack, at);
            // The commonest: an integer of seven bits, and text that begins with no digit.
            bool isPlain = pack[at] < 0x80 || (pack[at] is > 0x80 and < 0xC0 && pack[at + 1] > '9');
            if (!isPlain && !IsKeptSo(ListPack.Read(pack, at), pack[at..end])) return false;
            at = end;
        }
        return true;
    }

    /// <summary>
    /// No two of the elements at these steps are equal; of canonical elements, up to <see cref="DistinctCountMax"/> of them.
    /// While none has the hash of another, which few have, no two are compared.
    /// </summary>
    public static bool AreDistinct(ReadOnlySpan<byte> pack, int stride)
    {
        Span<ulong> met = stackalloc ulong[Places / BitsPerWord];
        for (int at = 0; at < pack.Length;)
        {
            int end = ListPack.Next(pack, at);
            int place = HashOf(pack[at..end]);
            ref ulong word = ref met[place / BitsPerWord];
            ulong bit = 1UL << (place % BitsPerWord);
            if ((word & bit) != 0) return AreDistinctCompared(pack, stride);
            word |= bit;
            at = ListPack.Skip(pack, end, stride - 1);
        }
        return true;
    }

    private static bool AreDistinctCompared(ReadOnlySpan<byte> pack, int stride)
    {
        Span<ushort> ends = stackalloc ushort[Places];
        Span<ushort> starts = stackalloc ushort[Places];
        ends.Clear();
        for (int at = 0; at < pack.Length;)
        {
            int end = ListPack.Next(pack, at);
            ReadOnlySpan<byte> element = pack[at..end];
            int place = HashOf(element);
            while (ends[place] != 0)
            {
                if (pack[starts[place]..ends[place]].SequenceEqual(element)) return false;
                place = (place + 1) & (Places - 1);
            }
            (starts[place], ends[place]) = ((ushort)at, (ushort)end);
            at = ListPack.Skip(pack, end, stride - 1);
        }
        return true;
    }

    private static bool IsKeptSo(ListPackElement element, ReadOnlySpan<byte> bytes)
    {
        // With a head of one byte its length has the shortest form there is.
        if (bytes[0] is >= 0x80 and < 0xC0) return !Resp.Protocol.Numbers.TryParseInt64(element.TextIn(default), out _);
        Span<byte> head = stackalloc byte[ListPack.IntegerBytesMax];
        return element.IsInteger ? IsShortest(element.Integer, bytes) : !Resp.Protocol.Numbers.TryParseInt64(element.TextIn(head), out _)
            && ListPack.SizeOf(element.TextIn(head)) == bytes.Length;
    }

    private static bool IsShortest(long integer, ReadOnlySpan<byte> bytes)
    {
        Span<byte> kept = stackalloc byte[ListPack.IntegerBytesMax + 1];
        return kept[..ListPack.Write(kept, integer)].SequenceEqual(bytes);
    }

    /// <summary>
    /// Of the first bytes and the last, which tell the length. No secret: whoever makes elements collide makes 128 of them
    /// compare with each other, and no more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HashOf(ReadOnlySpan<byte> element)
    {
        ulong first, last;
        if (element.Length >= sizeof(ulong))
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(element);
            last = BinaryPrimitives.ReadUInt64LittleEndian(element[^sizeof(ulong)..]);
        }
        else if (element.Length >= sizeof(uint))
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(element);
            last = BinaryPrimitives.ReadUInt32LittleEndian(element[^sizeof(uint)..]);
        }
        else
        {
            first = element[0];
            last = BinaryPrimitives.ReadUInt16LittleEndian(element[^sizeof(ushort)..]);
        }
        return (int)(((first ^ BitOperations.RotateLeft(last, 29)) * 0x9E3779B97F4A7C15) >> (BitsPerWord - 8)) & (Places - 1);
    }
}

/// <summary>What <see cref="ListPackCheck.TryWalk"/> has found of packed elements.</summary>
/// <param name="IsCanonical">See <see cref="ListPackCheck.IsCanonical"/>.</param>
/// <param name="ElementBytesMax">No element takes more bytes; it may be that none takes so many.</param>
internal readonly record struct PackFacts(int Count, bool IsCanonical, int ElementBytesMax);
