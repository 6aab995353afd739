using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Galley.Resp.Protocol;

namespace Galley.Store.Types;

/// <summary>
/// Elements one after another in few bytes: what small collections, the pieces of lists and the nodes of streams are
/// made of. The bytes of an element are those of redis-server's listpack, so that DUMP and RDB copy them; its head of six
/// bytes and its end mark are added there, and are not kept here.
///
/// <code>
///   |element|element|element| ...          element:  | body | length of the body, to be read from the right |
///
///   0xxxxxxx                          7 bits, 0 to 127          10llllll text               up to 63 bytes
///   110xxxxx xxxxxxxx                 13 bits, signed           1110llll llllllll text      up to 4,095
///   0xF1 2 bytes   0xF2 3 bytes       16, 24 bits               0xF0 4 bytes of length text
///   0xF3 4 bytes   0xF4 8 bytes       32, 64 bits
/// </code>
///
/// Text that is an integer in its one spelling is kept as that integer, in the shortest form that holds it. So equal
/// elements have equal bytes, and <see cref="Find"/> compares bytes. Everything here is O(1) but Find and Count,
/// which walk; the owner keeps the count. Positions are offsets of elements; the end is the length of the pack.
/// </summary>
public static partial class ListPack
{
    /// <summary>The most bytes that an integer takes.</summary>
    public const int IntegerBytesMax = 10;

    /// <summary>The longest head of a body, and the longest integer's body.</summary>
    private const int HeadBytesMax = 9;

    /// <summary>The most bytes that the length of a body takes.</summary>
    private const int BackBytesMax = 5;

    /// <summary>The longest spelling of an integer that is kept as one.</summary>
    private const int IntegerTextBytesMax = 20;

    /// <summary>The bytes that the element would take.</summary>
    public static int SizeOf(ReadOnlySpan<byte> element)
    {
        Span<byte> head = stackalloc byte[HeadBytesMax];
        int body = EncodeHead(element, head, out bool isInteger) + (isInteger ? 0 : element.Length);
        return body + BackBytes(body);
    }

    /// <summary>The bytes that the integer would take.</summary>
    public static int SizeOf(long integer)
    {
        Span<byte> head = stackalloc byte[HeadBytesMax];
        int body = EncodeInteger(integer, head);
        return body + BackBytes(body);
    }

    /// <summary>Writes the element and returns the bytes that it takes, as <see cref="SizeOf(ReadOnlySpan{byte})"/> said.</summary>
    public static int Write(Span<byte> room, ReadOnlySpan<byte> element)
    {
        Span<byte> head = stackalloc byte[HeadBytesMax];
        int headBytes = EncodeHead(element, head, out bool isInteger);
        head[..headBytes].CopyTo(room);
        if (isInteger) return headBytes + WriteBack(room, headBytes);
        element.CopyTo(room[headBytes..]);
        int body = headBytes + element.Length;
        return body + WriteBack(room, body);
    }

    /// <summary>Writes an integer element and returns the bytes that it takes.</summary>
    public static int Write(Span<byte> room, long integer)
    {
        Span<byte> head = stackalloc byte[HeadBytesMax];
        int body = EncodeInteger(integer, head);
        head[..body].CopyTo(room);
        return body + WriteBack(room, body);
    }

    /// <summary>The element at this position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ListPackElement Read(ReadOnlySpan<byte> pack, int at)
    {
        byte first = pack[at];
        if (first < 0x80) return new ListPackElement(first);
        if (first < 0xC0) return new ListPackElement(pack.Slice(at + 1, first & 0x3F));
        return ReadSlow(pack, at);
    }

    private static ListPackElement ReadSlow(ReadOnlySpan<byte> pack, int at)
    {
        byte first = pack[at];
        if (first < 0xE0) return new ListPackElement((short)(((first << 8) | pack[at + 1]) << 3) >> 3);
        if (first < 0xF0) return new ListPackElement(pack.Slice(at + 2, ((first & 0xF) << 8) | pack[at + 1]));
        ReadOnlySpan<byte> rest = pack[(at + 1)..];
        return first switch
        {
            0xF0 => new ListPackElement(rest.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(rest))),
            0xF1 => new ListPackElement(BinaryPrimitives.ReadInt16LittleEndian(rest)),
            0xF2 => new ListPackElement((rest[0] | (rest[1] << 8) | (rest[2] << 16)) << 8 >> 8),
            0xF3 => new ListPackElement(BinaryPrimitives.ReadInt32LittleEndian(rest)),
            0xF4 => new ListPackElement(BinaryPrimitives.ReadInt64LittleEndian(rest)),
            _ => throw new UnreachableException("Not a listpack element."),
        };
    }

    /// <summary>The position after the element at this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Next(ReadOnlySpan<byte> pack, int at)
    {
        int body = BodyBytes(pack, at);
        return at + body + BackBytes(body);
    }

    /// <summary>The position of the element that ends where this one begins (or of the last, from the end of the pack).</summary>
    public static int Previous(ReadOnlySpan<byte> pack, int at)
    {
        int body = 0;
        int from = at;
        for (int shift = 0; ; shift += 7)
        {
            byte part = pack[--from];
            body |= (part & 0x7F) << shift;
            if (part < 0x80) break;
        }
        return from - body;
    }

    /// <summary>The position after so many elements from this one.</summary>
    public static int Skip(ReadOnlySpan<byte> pack, int at, int elements)
    {
        for (; elements > 0; elements--) at = Next(pack, at);
        return at;
    }

    /// <summary>The position of the element of this number from the left; from the right where that is nearer.</summary>
    /// <param name="count">How many elements there are.</param>
    public static int PositionOf(ReadOnlySpan<byte> pack, int index, int count)
    {
        if (index <= count / 2) return Skip(pack, 0, index);
        int at = pack.Length;
        for (int back = count - index; back > 0; back--) at = Previous(pack, at);
        return at;
    }

    /// <summary>
    /// The position of the first element equal to this one, or -1. With a stride of 2 only every second element is
    /// looked at: the fields of a hash and not its values.
    /// </summary>
    public static int Find(ReadOnlySpan<byte> pack, ReadOnlySpan<byte> element, int stride = 1, int from = 0)
    {
        Span<byte> headRoom = stackalloc byte[HeadBytesMax];
        ReadOnlySpan<byte> head = headRoom[..EncodeHead(element, headRoom, out bool isInteger)];
        ReadOnlySpan<byte> text = isInteger ? default : element;
        int sought = head.Length + text.Length;
        byte first = head[0];
        for (int at = from; at < pack.Length;)
        {
            int body = BodyBytes(pack, at);
            if (body == sought && pack[at] == first && pack.Slice(at, head.Length).SequenceEqual(head)
                && pack.Slice(at + head.Length, text.Length).SequenceEqual(text)) return at;
            at = Skip(pack, at + body + BackBytes(body), stride - 1);
        }
        return -1;
    }

    /// <summary>How many elements there are; it walks over all of them.</summary>
    public static int Count(ReadOnlySpan<byte> pack)
    {
        int count = 0;
        for (int at = 0; at < pack.Length; at = Next(pack, at)) count++;
        return count;
    }

    /// <summary>
    /// Whether the bytes are whole elements, so many of them, and nothing else: what is asked of bytes from outside
    /// before anything else here may see them.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> pack, out int count)
    {
        count = 0;
        for (int at = 0; at < pack.Length; count++)
        {
            if (!TryNext(pack, at, out int end)) return false;
            at = end;
        }
        return true;
    }

    /// <summary>The position after the element at this one, of bytes that nobody has looked at; false where they are none.</summary>
    internal static bool TryNext(ReadOnlySpan<byte> pack, int at, out int end)
    {
        end = at;
        if (!TryBodyBytes(pack[at..], out long body)) return false;
        long next = at + body + BackBytes(body);
        if (next > pack.Length || !IsBack(pack[(at + (int)body)..(int)next], (int)body)) return false;
        end = (int)next;
        return true;
    }

    private static bool TryBodyBytes(ReadOnlySpan<byte> rest, out long body)
    {
        int headBytes = rest[0] switch { < 0xE0 => 1, < 0xF0 => 2, 0xF0 => 5, _ => 1 };
        body = 0;
        if (rest.Length < headBytes || rest[0] > 0xF4) return false;
        body = rest[0] == 0xF0 ? 5L + BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]) : BodyBytes(rest, 0);
        return body < rest.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int BodyBytes(ReadOnlySpan<byte> pack, int at)
    {
        byte first = pack[at];
        if (first < 0x80) return 1;
        return first < 0xC0 ? 1 + (first & 0x3F) : BodyBytesSlow(pack, at);
    }

    private static int BodyBytesSlow(ReadOnlySpan<byte> pack, int at) => pack[at] switch
    {
        < 0xE0 => 2,
        < 0xF0 => 2 + (((pack[at] & 0xF) << 8) | pack[at + 1]),
        0xF0 => 5 + BinaryPrimitives.ReadInt32LittleEndian(pack[(at + 1)..]),
        0xF1 => 3,
        0xF2 => 4,
        0xF3 => 5,
        0xF4 => 9,
        _ => throw new UnreachableException("Not a listpack element."),
    };
}
