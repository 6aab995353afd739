using System.Buffers.Binary;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// redis-server's intset, a string of RDB: what <see cref="IntSet"/> keeps, behind another head.
/// <code>
///   | width 4: 2, 4 or 8 | integers 4 | integer | integer | ... |
/// </code>
/// </summary>
internal static class RdbIntSet
{
    public const int HeadBytes = 8;

    /// <summary>Reads one: integers of this width, the smallest first and none twice; valid until anything else is read.</summary>
    public static ReadOnlySpan<byte> Read(ref RdbReader reader, out int width)
    {
        ReadOnlySpan<byte> text = reader.ReadString();
        if (text.Length < HeadBytes) throw Damage;
        uint saidWidth = BinaryPrimitives.ReadUInt32LittleEndian(text);
        if (saidWidth is not (sizeof(short) or sizeof(int) or sizeof(long))) throw Damage;
        width = (int)saidWidth;
        ReadOnlySpan<byte> integers = text[HeadBytes..];
        if ((ulong)integers.Length != (ulong)saidWidth * BinaryPrimitives.ReadUInt32LittleEndian(text[4..])) throw Damage;
        for (int at = width; at < integers.Length; at += width)
            if (IntSet.Integer(integers[at..], width) <= IntSet.Integer(integers[(at - width)..], width)) throw Damage;
        return integers;
    }

    /// <summary>Writes the head of one.</summary>
    public static void WriteHead(Span<byte> head, int width, int count)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)width);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)count);
    }

    private static RdbException Damage => RdbException.Damaged("an intset");
}
