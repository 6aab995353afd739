using System.Buffers.Binary;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A member of a large sorted set, and its score. The hash table finds it by the member, the tree has it in its order.
/// <code>
///   | score 8 | member (Element) |
/// </code>
/// </summary>
public struct SortedElement : IKeyLayout
{
    private const int MemberOffset = sizeof(double);

    public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block) => Element.TextIn(arena, block, MemberOffset);

    public static double ScoreOf(Arena arena, BlockRef block) =>
        BinaryPrimitives.ReadDoubleLittleEndian(arena.Span(block, sizeof(double)));

    public static void SetScore(Arena arena, BlockRef block, double score)
    {
        arena.BeforeChange(block);
        BinaryPrimitives.WriteDoubleLittleEndian(arena.Span(block, sizeof(double)), score);
    }

    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> member, double score)
    {
        int size = MemberOffset + Element.SizeOf(member);
        BlockRef block = arena.Allocate(size);
        Span<byte> bytes = arena.Span(block, size);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, score);
        Element.Write(arena, bytes[MemberOffset..], member);
        return block;
    }

    public static void Free(Arena arena, BlockRef block)
    {
        arena.BeforeChange(block);
        Element.Release(arena, block, MemberOffset);
        arena.Free(block);
    }

    /// <summary>The bytes of its block, and of the one that a long member has.</summary>
    public static long MemoryBytes(Arena arena, BlockRef block) =>
        arena.SizeOf(block) + Element.BytesBeyond(arena, block, MemberOffset);

    /// <summary>Moves the block that a long member has.</summary>
    internal static void MoveTexts(BlockMover mover, BlockRef block) => Element.MoveText(mover, block, MemberOffset);
}
