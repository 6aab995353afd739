using System.Buffers.Binary;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// The zipmap in which redis-server before 2.6 kept small hashes, a string of RDB:
/// <code>
///   | pairs 1 | length | field | length | free 1 | value | free bytes | ... | 255 |       length: 1, or 254 and 4
/// </code>
/// 254 pairs or more is: count them.
/// </summary>
internal static class RdbZipMap
{
    private const byte End = 0xFF;
    private const byte LongLength = 254;
    private const byte UnknownCount = 254;

    /// <summary>Reads one, and gives fields and values as a pack; valid until anything else is read.</summary>
    public static ReadOnlySpan<byte> Read(ref RdbReader reader, out int count)
    {
        ReadOnlySpan<byte> rest = reader.ReadString();
        PackBuilder pack = reader.Pack;
        byte saidCount = Take(ref rest, 1)[0];
        while (true)
        {
            if (rest is [End]) break;
            pack.Add(Take(ref rest, Length(ref rest)));
            uint length = Length(ref rest);
            byte free = Take(ref rest, 1)[0];
            pack.Add(Take(ref rest, length));
            Take(ref rest, free);
        }
        count = pack.Count;
        if (saidCount < UnknownCount && saidCount * 2 != count) throw Damage;
        return pack.Packed;
    }

    private static RdbException Damage => RdbException.Damaged("a zipmap");

    private static uint Length(ref ReadOnlySpan<byte> rest)
    {
        byte first = Take(ref rest, 1)[0];
        return first < LongLength ? first
            : first == LongLength ? BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, sizeof(uint)))
            : throw Damage;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, uint count)
    {
        if (count > (uint)rest.Length) throw Damage;
        ReadOnlySpan<byte> taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }
}
