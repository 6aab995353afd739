using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>A member of a large set: a block that holds it and nothing else.</summary>
public struct MemberLayout : IKeyLayout
{
    public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block) => Element.TextIn(arena, block, 0);

    /// <summary>A block with this member.</summary>
    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> member)
    {
        int size = Element.SizeOf(member);
        BlockRef block = arena.Allocate(size);
        Element.Write(arena, arena.Span(block, size), member);
        return block;
    }

    /// <summary>Frees the block, and what the member has beside it.</summary>
    public static void Free(Arena arena, BlockRef block)
    {
        Element.Release(arena, block, 0);
        arena.Free(block);
    }

    /// <summary>Moves the block that a long member has.</summary>
    internal static void MoveTexts(BlockMover mover, BlockRef block) => Element.MoveText(mover, block, 0);
}
