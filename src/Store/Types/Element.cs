using System.Buffers.Binary;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A string inside a block of the arena, behind its length: what the blocks of large sets, hashes and sorted sets are made
/// of. A long one is a block of its own.
/// <code>
///   | length 1 | text ... |                     up to 252 bytes
///   | 253 | length 4 | text ... |               up to 24 KiB
///   | 254 | length 4 | BlockRef 8 |             longer: the text fills a block, or a large block
/// </code>
/// </summary>
public static class Element
{
    /// <summary>A longer text has a block of its own, so that two of them and what goes with them fit in one block.</summary>
    public const int InlineBytesMax = 24 * 1024;

    private const int ShortMax = 252;
    private const byte WideMark = 253;
    private const byte ReferenceMark = 254;
    private const int WideHead = 1 + sizeof(int);
    private const int ReferenceBytes = WideHead + sizeof(ulong);

    /// <summary>The bytes that it takes in its place.</summary>
    public static int SizeOf(ReadOnlySpan<byte> text) => text.Length switch
    {
        <= ShortMax => 1 + text.Length,
        <= InlineBytesMax => WideHead + text.Length,
        _ => ReferenceBytes,
    };

    /// <summary>Writes it, in as many bytes as <see cref="SizeOf"/> says, and makes the block that a long one needs.</summary>
    public static void Write(Arena arena, Span<byte> place, ReadOnlySpan<byte> text)
    {
        if (text.Length <= ShortMax)
        {
            place[0] = (byte)text.Length;
            text.CopyTo(place[1..]);
            return;
        }
        BinaryPrimitives.WriteInt32LittleEndian(place[1..], text.Length);
        if (text.Length <= InlineBytesMax)
        {
            place[0] = WideMark;
            text.CopyTo(place[WideHead..]);
            return;
        }
        BlockRef block = arena.AllocateAny(text.Length);
        text.CopyTo(arena.Span(block, text.Length));
        place[0] = ReferenceMark;
        BinaryPrimitives.WriteUInt64LittleEndian(place[WideHead..], block.Value);
    }

    /// <summary>The text of the one that begins at this offset of a block.</summary>
    public static ReadOnlySpan<byte> TextIn(Arena arena, BlockRef block, int offset)
    {
        int length = arena.Span(block, offset + 1)[offset];
        if (length <= ShortMax) return arena.Span(block, offset + 1 + length)[(offset + 1)..];
        ReadOnlySpan<byte> head = arena.Span(block, offset + WideHead)[offset..];
        int wideLength = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        return length == WideMark
            ? arena.Span(block, offset + WideHead + wideLength)[(offset + WideHead)..]
            : arena.Span(ReferenceIn(arena, block, offset), wideLength);
    }

    /// <summary>Where what follows it begins, in a block that it begins in at this offset.</summary>
    public static int EndIn(Arena arena, BlockRef block, int offset)
    {
        int length = arena.Span(block, offset + 1)[offset];
        if (length <= ShortMax) return offset + 1 + length;
        if (length == ReferenceMark) return offset + ReferenceBytes;
        return offset + WideHead + BinaryPrimitives.ReadInt32LittleEndian(arena.Span(block, offset + WideHead)[(offset + 1)..]);
    }

    /// <summary>Gives back the block of its own that it may have; its place is about to be freed or written over.</summary>
    public static void Release(Arena arena, BlockRef block, int offset)
    {
        if (IsReference(arena, block, offset)) arena.Free(ReferenceIn(arena, block, offset));
    }

    /// <summary>The bytes of the block of its own that it may have.</summary>
    public static int BytesBeyond(Arena arena, BlockRef block, int offset) =>
        IsReference(arena, block, offset) ? arena.SizeOf(ReferenceIn(arena, block, offset)) : 0;

    /// <summary>Moves the block of its own that it may have, if that is to be moved.</summary>
    internal static void MoveText(BlockMover mover, BlockRef block, int offset)
    {
        Arena arena = mover.Arena;
        if (!IsReference(arena, block, offset)) return;
        BlockRef text = ReferenceIn(arena, block, offset);
        if (!mover.TryMove(ref text)) return;
        arena.BeforeChange(block);
        BinaryPrimitives.WriteUInt64LittleEndian(arena.Span(block, offset + ReferenceBytes)[(offset + WideHead)..], text.Value);
    }

    private static bool IsReference(Arena arena, BlockRef block, int offset) =>
        arena.Span(block, offset + 1)[offset] == ReferenceMark;

    private static BlockRef ReferenceIn(Arena arena, BlockRef block, int offset) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(arena.Span(block, offset + ReferenceBytes)[(offset + WideHead)..]));
}
