using System.Buffers.Binary;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

/// <summary>Blocks of the tests: 4 bytes of length, 4 of value, then the key.</summary>
public readonly struct TestLayout : IKeyLayout
{
    private const int HeaderBytes = 8;

    public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(arena.Span(block, sizeof(int)));
        return arena.Span(block, HeaderBytes + length)[HeaderBytes..];
    }

    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> key, int value)
    {
        BlockRef block = arena.Allocate(HeaderBytes + key.Length);
        Span<byte> bytes = arena.Span(block, HeaderBytes + key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], value);
        key.CopyTo(bytes[HeaderBytes..]);
        return block;
    }

    public static int ValueOf(Arena arena, BlockRef block) => BinaryPrimitives.ReadInt32LittleEndian(arena.Span(block, HeaderBytes)[4..]);
}
