using System.Buffers.Binary;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A leaf of a large list: a block of at most 8 KiB with packed elements and free room on either side of them, so that a
/// queue takes and adds without moving what is between. A long element is alone in its leaf. Either may be compressed
/// (<see cref="CompressedLeaf"/>).
/// <code>
///   | start 2 | end 2 | count 2 |  room  | packed elements |  room  |
///   | 0xFFFF  | 0     | 1       | Element |                             the element, or the reference to its block
///   | 0xFFFE  | 0     | count 2 | ...                                   compressed
/// </code>
/// </summary>
internal static class ListLeaf
{
    /// <summary>A longer element is alone in its leaf: two shorter ones always share one.</summary>
    public const int PackedElementBytesMax = 4000;

    /// <summary>The bytes before the elements, or before what a compressed leaf has in their place.</summary>
    public const int Head = 6;

    private const int BlockBytesMax = 8 * 1024;

    /// <summary>The most bytes of packed elements.</summary>
    public const int PackBytesMax = BlockBytesMax - Head;

    private const ushort AloneMark = ushort.MaxValue;
    private const ushort CompressedMark = AloneMark - 1;

    /// <summary>What an element of more bytes than one that shares its leaf adds to them when it is packed, at least.</summary>
    private const int AloneOverheadMin = 4;

    /// <summary>A leaf of so many packed elements.</summary>
    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> pack, int count)
    {
        BlockRef leaf = arena.Allocate(RoomFor(pack.Length));
        Span<byte> block = arena.Span(leaf);
        SetHead(block, Head, Head + pack.Length, count);
        pack.CopyTo(block[Head..]);
        return leaf;
    }

    /// <summary>A leaf of one element, whatever its length.</summary>
    public static BlockRef MakeAlone(Arena arena, ReadOnlySpan<byte> element)
    {
        int size = Head + Element.SizeOf(element);
        BlockRef leaf = arena.Allocate(size);
        Span<byte> block = arena.Span(leaf, size);
        SetHead(block, AloneMark, 0, 1);
        Element.Write(arena, block[Head..], element);
        return leaf;
    }

    /// <summary>Its elements lie packed in it, to be read and changed in place.</summary>
    public static bool IsPacked(Arena arena, BlockRef leaf) => Start(arena.Span(leaf, Head)) < CompressedMark;

    public static bool IsCompressed(Arena arena, BlockRef leaf) => Start(arena.Span(leaf, Head)) == CompressedMark;

    /// <summary>It holds one long element, be it compressed or not, and is never to hold another.</summary>
    public static bool IsAlone(Arena arena, BlockRef leaf) => Start(arena.Span(leaf, Head)) switch
    {
        AloneMark => true,
        CompressedMark => Count(arena, leaf) == 1 && CompressedLeaf.PackBytes(arena, leaf) > PackedElementBytesMax + AloneOverheadMin,
        _ => false,
    };

    /// <summary>The element of a leaf that has one alone, and not compressed.</summary>
    public static ReadOnlySpan<byte> Alone(Arena arena, BlockRef leaf) => Element.TextIn(arena, leaf, Head);

    public static int Count(Arena arena, BlockRef leaf) => BinaryPrimitives.ReadUInt16LittleEndian(arena.Span(leaf, Head)[4..]);

    /// <summary>The packed elements of a leaf that is neither alone nor compressed.</summary>
    public static ReadOnlySpan<byte> Pack(Arena arena, BlockRef leaf)
    {
        ReadOnlySpan<byte> head = arena.Span(leaf, Head);
        int start = Start(head);
        int end = End(head);
        return arena.Span(leaf, end)[start..];
    }

    /// <summary>
    /// The packed elements, of a compressed leaf too: those are expanded into the arena's scratch, and are there until
    /// somebody else uses it.
    /// </summary>
    public static ReadOnlySpan<byte> Read(Arena arena, BlockRef leaf) =>
        IsPacked(arena, leaf) ? Pack(arena, leaf) : CompressedLeaf.Expand(arena, leaf);

    /// <summary>The bytes that its elements take when they are packed, whether they are or not.</summary>
    public static int PackBytes(Arena arena, BlockRef leaf)
    {
        ReadOnlySpan<byte> head = arena.Span(leaf, Head);
        return Start(head) switch
        {
            AloneMark => ListPack.SizeOf(Alone(arena, leaf)),
            CompressedMark => CompressedLeaf.PackBytes(arena, leaf),
            _ => End(head) - Start(head),
        };
    }

    public static void Free(Arena arena, BlockRef leaf)
    {
        if (arena.Keeps(leaf)) return;
        arena.BeforeChange(leaf);
        if (HasElement(arena, leaf)) Element.Release(arena, leaf, Head);
        arena.Free(leaf);
    }

    /// <summary>
    /// Frees a leaf in whose place another with the same elements stands. Spans of it are stale, as after any change of
    /// the list, so that a command which opens and closes one leaf again and again does so in the same memory.
    /// </summary>
    public static void FreeReplaced(Arena arena, BlockRef leaf)
    {
        if (arena.Keeps(leaf)) return;
        arena.BeforeChange(leaf);
        if (HasElement(arena, leaf)) Element.Release(arena, leaf, Head);
        arena.FreeAtOnce(leaf);
    }

    /// <summary>The bytes of its block, and of the one that a long element has.</summary>
    public static long MemoryBytes(Arena arena, BlockRef leaf) =>
        arena.SizeOf(leaf) + (HasElement(arena, leaf) ? Element.BytesBeyond(arena, leaf, Head) : 0);

    /// <summary>Moves the block of a long element.</summary>
    internal static void MoveTexts(BlockMover mover, BlockRef leaf)
    {
        if (HasElement(mover.Arena, leaf)) Element.MoveText(mover, leaf, Head);
    }

    /// <summary>The same elements in another leaf.</summary>
    public static BlockRef Copy(Arena arena, BlockRef leaf) => Start(arena.Span(leaf, Head)) switch
    {
        AloneMark => MakeAlone(arena, Alone(arena, leaf)),
        CompressedMark => CompressedLeaf.Copy(arena, leaf),
        _ => Make(arena, Pack(arena, leaf), Count(arena, leaf)),
    };

    /// <summary>Begins the head of a compressed leaf.</summary>
    public static void MarkCompressed(Span<byte> head, int count) => SetHead(head, CompressedMark, 0, count);

    /// <summary>
    /// Takes bytes out of the packed elements and makes room for others in their place. Returns the leaf, which may have
    /// moved to a larger block (the old one is freed then), or none where a leaf may not be so large.
    /// </summary>
    /// <param name="pack">All the packed elements then, with the room to be written at <paramref name="at"/>.</param>
    public static BlockRef Splice(Arena arena, BlockRef leaf, int at, int removed, int inserted, int countChange, out Span<byte> pack)
    {
        Span<byte> block = arena.Span(leaf);
        int start = Start(block);
        int end = End(block);
        int count = Count(arena, leaf) + countChange;
        int length = end - start + inserted - removed;
        pack = default;
        if (Head + length > BlockBytesMax) return BlockRef.None;

        arena.BeforeChange(leaf);
        if (Head + length > block.Length) return Move(arena, leaf, at, removed, inserted, count, out pack);
        bool isNearStart = at < end - start - at - removed;
        int newStart = start + removed - inserted;
        if (isNearStart && newStart >= Head)
        {
            block.Slice(start, at).CopyTo(block[newStart..]);
            start = newStart;
        }
        else if (start + length <= block.Length)
        {
            block[(start + at + removed)..end].CopyTo(block[(start + at + inserted)..]);
        }
        else
        {
            start = isNearStart ? block.Length - length : Head;
            Recentre(block, start, at, removed, inserted);
        }
        SetHead(block, start, start + length, count);
        pack = block.Slice(start, length);
        return leaf;
    }

    private static BlockRef Move(Arena arena, BlockRef leaf, int at, int removed, int inserted, int count, out Span<byte> pack)
    {
        ReadOnlySpan<byte> old = Pack(arena, leaf);
        int length = old.Length + inserted - removed;
        BlockRef moved = arena.Allocate(RoomFor(length));
        Span<byte> block = arena.Span(moved);
        // The room is left on the side that grows.
        int start = at == 0 ? block.Length - length : Head;
        SetHead(block, start, start + length, count);
        pack = block.Slice(start, length);
        old[..at].CopyTo(pack);
        old[(at + removed)..].CopyTo(pack[(at + inserted)..]);
        arena.Free(leaf);
        return moved;
    }

    /// <summary>Puts the elements to another place of the same block.</summary>
    private static void Recentre(Span<byte> block, int newStart, int at, int removed, int inserted)
    {
        Span<byte> copy = stackalloc byte[BlockBytesMax];
        ReadOnlySpan<byte> old = block[Start(block)..End(block)];
        old.CopyTo(copy);
        copy[..at].CopyTo(block[newStart..]);
        copy[(at + removed)..old.Length].CopyTo(block[(newStart + at + inserted)..]);
    }

    /// <summary>A quarter more than is needed now, so that growing costs O(1) an element.</summary>
    private static int RoomFor(int bytes) => Arena.RoundUp(Math.Min(Head + bytes + bytes / 4, BlockBytesMax));

    /// <summary>An <see cref="Element"/> is in it as it is.</summary>
    private static bool HasElement(Arena arena, BlockRef leaf) => Start(arena.Span(leaf, Head)) == AloneMark;

    private static int Start(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt16LittleEndian(head);

    private static int End(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);

    private static void SetHead(Span<byte> head, int start, int end, int count)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)start);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)end);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], (ushort)count);
    }
}
