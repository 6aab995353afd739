using System.Buffers.Binary;
using Galley.Resp.Protocol;

namespace Galley.Store.Types;

/// <summary>What becomes of a number that a field of bits cannot hold.</summary>
internal enum FieldOverflow : byte
{
    /// <summary>The bits that do not fit are lost.</summary>
    Wrap,

    /// <summary>It is the least or the greatest that fits.</summary>
    Saturate,

    /// <summary>It is not written.</summary>
    Fail,
}

/// <summary>An integer of some bits somewhere in a string, its highest bit first: <c>i1</c> to <c>i64</c>, <c>u1</c> to <c>u63</c>.</summary>
internal readonly record struct BitField(bool IsSigned, int Bits)
{
    /// <summary>RESP has no number of 64 bits without a sign.</summary>
    private const int UnsignedBitsMax = 63;
    private const int SignedBitsMax = 64;

    /// <summary>A field of 64 bits that begins within a byte touches nine.</summary>
    private const int WindowBytes = 9;
    private const int WindowBits = 128;

    /// <summary>The greatest number that fits.</summary>
    public Int128 Max => (Int128.One << (IsSigned ? Bits - 1 : Bits)) - 1;

    public static bool TryParse(ReadOnlySpan<byte> text, out BitField field)
    {
        field = default;
        if (text.IsEmpty || text[0] is not ((byte)'i' or (byte)'u')) return false;
        bool isSigned = text[0] == 'i';
        if (!Numbers.TryParseInt64(text[1..], out long bits) || bits < 1) return false;
        if (bits > (isSigned ? SignedBitsMax : UnsignedBitsMax)) return false;
        field = new BitField(isSigned, (int)bits);
        return true;
    }

    /// <summary>The number at this offset; bits beyond the end of the string are clear.</summary>
    public long Read(ReadOnlySpan<byte> bytes, long offset)
    {
        UInt128 window = WindowAt(bytes, offset);
        int shift = WindowBits - Bits;
        UInt128 top = window << (int)(offset % BitString.BitsPerByte);
        return IsSigned ? (long)((Int128)top >> shift) : (long)(top >> shift);
    }

    /// <summary>Writes the lowest bits of the number at this offset, where the string has room for it.</summary>
    public void Write(Span<byte> bytes, long offset, long value)
    {
        int shift = WindowBits - Bits - (int)(offset % BitString.BitsPerByte);
        UInt128 mask = (UInt128)(ulong.MaxValue >> (SignedBitsMax - Bits)) << shift;
        UInt128 window = (WindowAt(bytes, offset) & ~mask) | (((UInt128)(ulong)value << shift) & mask);
        Span<byte> written = stackalloc byte[WindowBits / BitString.BitsPerByte];
        BinaryPrimitives.WriteUInt128BigEndian(written, window);
        Span<byte> place = bytes[(int)(offset / BitString.BitsPerByte)..];
        written[..Math.Min(WindowBytes, place.Length)].CopyTo(place);
    }

    /// <summary>Makes a number fit the field; false if it does not fit and is not to be written.</summary>
    public bool TryFit(Int128 value, FieldOverflow overflow, out long fitting)
    {
        Int128 min = IsSigned ? -Max - 1 : 0;
        bool fits = value >= min && value <= Max;
        int shift = WindowBits - Bits;
        fitting = (long)(fits ? value
            : overflow == FieldOverflow.Saturate ? Int128.Clamp(value, min, Max)
            : IsSigned ? value << shift >> shift
            : (Int128)((UInt128)value << shift >> shift));
        return fits || overflow != FieldOverflow.Fail;
    }

    private static UInt128 WindowAt(ReadOnlySpan<byte> bytes, long offset)
    {
        Span<byte> window = stackalloc byte[WindowBits / BitString.BitsPerByte];
        window.Clear();
        long first = offset / BitString.BitsPerByte;
        if (first < bytes.Length)
        {
            ReadOnlySpan<byte> there = bytes[(int)first..];
            there[..Math.Min(WindowBytes, there.Length)].CopyTo(window);
        }
        return BinaryPrimitives.ReadUInt128BigEndian(window);
    }
}
