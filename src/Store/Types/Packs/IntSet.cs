using System.Buffers.Binary;

namespace Galley.Store.Types;

/// <summary>
/// A set of integers, sorted, each in as many bytes as the widest one needs. A look-up halves its way in.
/// <code>
///   | width 1: 2, 4 or 8 | integer | integer | ... |      little-endian, smallest first
/// </code>
/// redis-server's intset has the same integers behind a head of eight bytes. The width never shrinks, as there.
/// </summary>
public static class IntSet
{
    /// <summary>The byte of the width, with which even an empty one begins.</summary>
    public const int Head = 1;

    /// <summary>The bytes that this integer needs.</summary>
    public static int WidthOf(long value) =>
        value is >= short.MinValue and <= short.MaxValue ? sizeof(short)
        : value is >= int.MinValue and <= int.MaxValue ? sizeof(int)
        : sizeof(long);

    public static int Width(ReadOnlySpan<byte> set) => set[0];

    public static int Count(ReadOnlySpan<byte> set) => (set.Length - Head) / Width(set);

    /// <summary>The integer of this number, the smallest being 0.</summary>
    public static long At(ReadOnlySpan<byte> set, int index)
    {
        int width = Width(set);
        return Integer(set[(Head + index * width)..], width);
    }

    /// <summary>The integer of this width that stands there.</summary>
    internal static long Integer(ReadOnlySpan<byte> place, int width) => width switch
    {
        sizeof(short) => BinaryPrimitives.ReadInt16LittleEndian(place),
        sizeof(int) => BinaryPrimitives.ReadInt32LittleEndian(place),
        _ => BinaryPrimitives.ReadInt64LittleEndian(place),
    };

    /// <summary>Writes an integer at its number's place; the width is enough for it.</summary>
    public static void Put(Span<byte> set, int index, long value)
    {
        int width = Width(set);
        Span<byte> place = set[(Head + index * width)..];
        switch (width)
        {
            case sizeof(short):
                BinaryPrimitives.WriteInt16LittleEndian(place, (short)value);
                break;
            case sizeof(int):
                BinaryPrimitives.WriteInt32LittleEndian(place, (int)value);
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(place, value);
                break;
        }
    }

    /// <summary>Whether the integer is there, and its number, or the number that it would have.</summary>
    public static bool Find(ReadOnlySpan<byte> set, long value, out int index)
    {
        int low = 0;
        int high = Count(set);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (At(set, middle) < value) low = middle + 1;
            else high = middle;
        }
        index = low;
        return low < Count(set) && At(set, low) == value;
    }

    /// <summary>Writes the integers of one set into another that is as wide or wider, from its first place on.</summary>
    public static void CopyTo(ReadOnlySpan<byte> set, Span<byte> wider)
    {
        int count = Count(set);
        for (int i = 0; i < count; i++) Put(wider, i, At(set, i));
    }
}
