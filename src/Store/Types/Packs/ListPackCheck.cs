using System.Runtime.CompilerServices;

namespace Galley.Store.Types;

/// <summary>What else is asked of packed elements that come from outside, when <see cref="ListPack.IsValid"/> has found them whole.</summary>
internal static class ListPackCheck
{
    /// <summary>The most elements of which <see cref="AreDistinct"/> is asked.</summary>
    public const int DistinctCountMax = 128;

    /// <summary>Twice as many places, a power of two, so that a search for a free one is short.</summary>
    private const int Places = 2 * DistinctCountMax;

    /// <summary>The most that what is passed over quickly takes.</summary>
    private const int PlainBytesMax = 65;

    /// <summary>
    /// As <see cref="ListPack.IsValid"/> and <see cref="IsCanonical"/> in one walk, which is short for what most elements
    /// are: text of up to 63 bytes that begins with no digit, and integers of seven bits. Everything that a file has is
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
    /// </summary>
    public static bool AreDistinct(ReadOnlySpan<byte> pack, int stride)
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
        Span<byte> head = stackalloc byte[ListPack.IntegerBytesMax];
        return element.IsInteger ? IsShortest(element.Integer, bytes) : !Resp.Protocol.Numbers.TryParseInt64(element.TextIn(head), out _)
            && ListPack.SizeOf(element.TextIn(head)) == bytes.Length;
    }

    private static bool IsShortest(long integer, ReadOnlySpan<byte> bytes)
    {
        Span<byte> kept = stackalloc byte[ListPack.IntegerBytesMax + 1];
        return kept[..ListPack.Write(kept, integer)].SequenceEqual(bytes);
    }

    /// <summary>No secret: whoever makes them collide makes 128 elements compare with each other, and no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HashOf(ReadOnlySpan<byte> element)
    {
        uint hash = (uint)element.Length;
        foreach (byte value in element.Length > 32 ? element[..32] : element) hash = (hash * 31) + value;
        return (int)((hash * 0x9E3779B1) >> 24) & (Places - 1);
    }
}

/// <summary>What <see cref="ListPackCheck.TryWalk"/> has found of packed elements.</summary>
/// <param name="IsCanonical">See <see cref="ListPackCheck.IsCanonical"/>.</param>
/// <param name="ElementBytesMax">No element takes more bytes; it may be that none takes so many.</param>
internal readonly record struct PackFacts(int Count, bool IsCanonical, int ElementBytesMax);
