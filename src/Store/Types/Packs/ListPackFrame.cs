using System.Buffers.Binary;

namespace Galley.Store.Types;

/// <summary>
/// What redis-server's listpack has around the elements, which <see cref="ListPack"/> leaves out: RDB files and the
/// compressed leaves of lists hold it whole.
/// <code>
///   | bytes of all 4 | elements 2 | element | element | ... | 255 |
/// </code>
/// 65,535 elements is: count them.
/// </summary>
internal static class ListPackFrame
{
    public const int HeadBytes = 6;
    public const int EndBytes = 1;

    /// <summary>The bytes of both.</summary>
    public const int Bytes = HeadBytes + EndBytes;

    /// <summary>As the count: it is not known.</summary>
    public const ushort UnknownCount = ushort.MaxValue;

    /// <summary>The byte that stands at the end.</summary>
    public const byte End = 0xFF;

    /// <summary>Writes what stands around the elements, which lie, or will lie, in their place between.</summary>
    public static void Write(Span<byte> listPack, int count)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(listPack, (uint)listPack.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(listPack[sizeof(uint)..], (ushort)Math.Min(count, UnknownCount));
        listPack[^1] = End;
    }
}
