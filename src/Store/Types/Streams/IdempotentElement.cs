using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// What a producer has called an entry of a stream, and the identifier that the entry has got.
/// <code>
///   | identifier 16 | name (Element) |
/// </code>
/// </summary>
internal struct IdempotentElement : IKeyLayout
{
    private const int NameOffset = StreamId.BinaryBytes;

    public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block) => Element.TextIn(arena, block, NameOffset);

    public static StreamId IdOf(Arena arena, BlockRef block) => StreamId.Read(arena.Span(block, StreamId.BinaryBytes));

    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> name, StreamId id)
    {
        int size = NameOffset + Element.SizeOf(name);
        BlockRef block = arena.Allocate(size);
        Span<byte> bytes = arena.Span(block, size);
        id.WriteTo(bytes);
        Element.Write(arena, bytes[NameOffset..], name);
        return block;
    }

    public static void Free(Arena arena, BlockRef block)
    {
        arena.BeforeChange(block);
        Element.Release(arena, block, NameOffset);
        arena.Free(block);
    }

    /// <summary>The bytes of its block, and of the one that a long name has.</summary>
    public static long MemoryBytes(Arena arena, BlockRef block) => arena.SizeOf(block) + Element.BytesBeyond(arena, block, NameOffset);

    /// <summary>Moves the block that a long name has.</summary>
    internal static void MoveTexts(BlockMover mover, BlockRef block) => Element.MoveText(mover, block, NameOffset);
}
