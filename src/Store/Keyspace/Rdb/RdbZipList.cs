using System.Buffers.Binary;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// The ziplist of redis-server before 7.0, a string of RDB. Integers are little-endian, lengths of text big-endian.
/// <code>
///   | bytes of all 4 | offset of the last 4 | elements 2 | element | element | ... | 255 |
///
///   element    | length of the one before: 1, or 254 and 4 | kind | text or integer |
///   kind       00llllll, 01llllll llllllll, 10...... + 4     text
///              0xC0 2   0xD0 4   0xE0 8   0xF0 3   0xFE 1    integers of so many bytes
///              1111nnnn                                      n - 1: 0 to 12
/// </code>
/// 65,535 elements is: count them.
/// </summary>
internal static class RdbZipList
{
    private const int HeadBytes = 10;
    private const byte End = 0xFF;
    private const byte LongBefore = 254;
    private const byte SmallestInPlace = 0xF1;
    private const byte LargestInPlace = 0xFD;

    /// <summary>Reads one, and gives its elements as a pack; valid until anything else is read.</summary>
    public static ReadOnlySpan<byte> Read(ref RdbReader reader, out int count)
    {
        ReadOnlySpan<byte> text = reader.ReadString();
        if (text.Length < HeadBytes + 1 || text[^1] != End || BinaryPrimitives.ReadUInt32LittleEndian(text) != (uint)text.Length)
            throw Damage;
        uint last = BinaryPrimitives.ReadUInt32LittleEndian(text[4..]);
        int saidCount = BinaryPrimitives.ReadUInt16LittleEndian(text[8..]);
        PackBuilder pack = reader.Pack;
        int at = HeadBytes, before = 0, lastAt = HeadBytes;
        while (at < text.Length - 1)
        {
            lastAt = at;
            ReadOnlySpan<byte> rest = text[at..^1];
            if (ReadBefore(ref rest) != before) throw Damage;
            AddElement(ref rest, pack);
            before = text.Length - 1 - at - rest.Length;
            at += before;
        }
        if (lastAt != last) throw Damage;
        count = pack.Count;
        if (saidCount != ushort.MaxValue && saidCount != count) throw Damage;
        return pack.Packed;
    }

    private static RdbException Damage => RdbException.Damaged("a ziplist");

    private static long ReadBefore(ref ReadOnlySpan<byte> rest)
    {
        byte first = Take(ref rest, 1)[0];
        return first < LongBefore ? first
            : first == LongBefore ? BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, sizeof(uint)))
            : throw Damage;
    }

    private static void AddElement(ref ReadOnlySpan<byte> rest, PackBuilder pack)
    {
        byte kind = Take(ref rest, 1)[0];
        if (kind < 0xC0) pack.Add(Take(ref rest, TextLength(kind, ref rest)));
        else pack.Add(Integer(kind, ref rest));
    }

    private static long TextLength(byte kind, ref ReadOnlySpan<byte> rest) => (kind >> 6) switch
    {
        0 => kind,
        1 => ((kind & 0x3F) << 8) | Take(ref rest, 1)[0],
        _ => BinaryPrimitives.ReadUInt32BigEndian(Take(ref rest, sizeof(uint))),
    };

    private static long Integer(byte kind, ref ReadOnlySpan<byte> rest)
    {
        if (kind is >= SmallestInPlace and <= LargestInPlace) return kind - SmallestInPlace;
        int bytes = kind switch { 0xC0 => 2, 0xD0 => 4, 0xE0 => 8, 0xF0 => 3, 0xFE => 1, _ => throw Damage };
        Span<byte> wide = stackalloc byte[sizeof(long)];
        ReadOnlySpan<byte> integer = Take(ref rest, bytes);
        wide.Fill(integer[^1] < 0x80 ? (byte)0 : byte.MaxValue);
        integer.CopyTo(wide);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, long count)
    {
        if (count > rest.Length) throw Damage;
        ReadOnlySpan<byte> taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }
}
