using System.Buffers.Binary;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// redis-server's listpack, a string of RDB:
/// <code>
///   | bytes of all 4 | elements 2 | element | element | ... | 255 |
/// </code>
/// 65,535 elements is: count them. The elements are those of <see cref="ListPack"/>, but that other writers may have
/// kept an integer as text, or in more bytes than it needs.
/// </summary>
internal static class RdbListPack
{
    public const int HeadBytes = 6;
    public const int EndBytes = 1;

    /// <summary>As the count: it is not known.</summary>
    public const ushort UnknownCount = ushort.MaxValue;

    private const byte End = 0xFF;

    /// <summary>Reads one, and gives its elements as <see cref="ListPack"/> keeps them; valid until anything else is read.</summary>
    public static ReadOnlySpan<byte> Read(ref RdbReader reader, out int count)
    {
        ReadOnlySpan<byte> text = reader.ReadString();
        bool isWhole = text.Length >= HeadBytes + EndBytes && text[^1] == End
            && BinaryPrimitives.ReadUInt32LittleEndian(text) == (uint)text.Length;
        if (!isWhole) throw RdbException.Damaged("a listpack");
        int saidCount = BinaryPrimitives.ReadUInt16LittleEndian(text[sizeof(uint)..]);
        ReadOnlySpan<byte> pack = text[HeadBytes..^EndBytes];
        if (!ListPack.IsValid(pack, out count)) throw RdbException.Damaged("a listpack");
        if (saidCount != UnknownCount && saidCount != count) throw RdbException.Damaged("a listpack");
        return ListPackCheck.IsCanonical(pack) ? pack : Repack(pack, reader.Pack);
    }

    /// <summary>Writes the head of one whose elements take so many bytes.</summary>
    public static void WriteHead(Span<byte> head, int packBytes, int count)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)(HeadBytes + packBytes + EndBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(head[sizeof(uint)..], (ushort)Math.Min(count, UnknownCount));
    }

    /// <summary>Writes what follows the elements.</summary>
    public static void WriteEnd(Span<byte> end) => end[0] = End;

    private static ReadOnlySpan<byte> Repack(ReadOnlySpan<byte> pack, PackBuilder builder)
    {
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at)) builder.Add(ListPack.Read(pack, at));
        return builder.Packed;
    }
}
