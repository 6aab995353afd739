using System.Buffers.Binary;
using System.Buffers.Text;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.LoadTests.Micro;

/// <summary>Elements as the benchmarks have them: a header of 8 bytes with the key's length, and the key.</summary>
internal readonly struct ElementLayout : IKeyLayout
{
    public const int HeaderBytes = 8;

    public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(arena.Span(block, HeaderBytes));
        return arena.Span(block, HeaderBytes + length)[HeaderBytes..];
    }

    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> key)
    {
        BlockRef block = arena.Allocate(HeaderBytes + key.Length);
        Span<byte> bytes = arena.Span(block, HeaderBytes + key.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)key.Length);
        key.CopyTo(bytes[HeaderBytes..]);
        return block;
    }
}

/// <summary>Keys of 11 bytes: "key:" and seven digits.</summary>
internal static class Keys
{
    public const int Bytes = 11;

    public static ReadOnlySpan<byte> Write(int number, Span<byte> key)
    {
        "key:"u8.CopyTo(key);
        Utf8Formatter.TryFormat(number, key[4..], out _, new System.Buffers.StandardFormat('D', 7));
        return key[..Bytes];
    }
}
