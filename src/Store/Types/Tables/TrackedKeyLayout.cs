using System.Runtime.InteropServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A key, and the numbers of those who are to be told when it changes, in one block.
/// <code>
///   | key (Element) | to a multiple of 8 | number 8 | number 8 | ... | 0 8 | ...
/// </code>
/// The numbers ascend and are not zero; how many fit, the size of the block says.
/// </summary>
public struct TrackedKeyLayout : IKeyLayout
{
    public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block) => Element.TextIn(arena, block, 0);

    /// <summary>The numbers, ascending; there is one at least.</summary>
    public static ReadOnlySpan<long> NumbersOf(Arena arena, BlockRef block)
    {
        Span<long> room = RoomOf(arena, block);
        return room[..CountIn(room)];
    }

    /// <summary>A block with this key and one number.</summary>
    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> key, long number)
    {
        int numbersAt = Aligned(Element.SizeOf(key));
        BlockRef block = Allocate(arena, numbersAt + sizeof(long));
        Element.Write(arena, arena.Span(block), key);
        Span<long> room = RoomOf(arena, block);
        room.Clear();
        room[0] = number;
        return block;
    }

    /// <summary>Adds a number, and returns false if it is there. The block may be another afterwards.</summary>
    public static bool TryAdd(Arena arena, ref BlockRef block, long number)
    {
        Span<long> room = RoomOf(arena, block);
        int count = CountIn(room);
        int at = room[..count].BinarySearch(number);
        if (at >= 0) return false;
        if (count == room.Length)
        {
            Enlarge(arena, ref block);
            room = RoomOf(arena, block);
        }
        room[~at..count].CopyTo(room[(~at + 1)..]);
        room[~at] = number;
        return true;
    }

    /// <summary>Bytes of the block, and of what a long key has beside it.</summary>
    public static long MemoryBytes(Arena arena, BlockRef block) => arena.SizeOf(block) + Element.BytesBeyond(arena, block, 0);

    /// <summary>Frees the block, and what a long key has beside it.</summary>
    public static void Free(Arena arena, BlockRef block)
    {
        Element.Release(arena, block, 0);
        arena.Free(block);
    }

    /// <summary>Moves the block that a long key has.</summary>
    internal static void MoveTexts(BlockMover mover, BlockRef block) => Element.MoveText(mover, block, 0);

    /// <summary>Moves all to a larger block, by half its size, so that many numbers are not moved for each that comes.</summary>
    private static void Enlarge(Arena arena, ref BlockRef block)
    {
        Span<byte> bytes = arena.Span(block);
        BlockRef larger = Allocate(arena, bytes.Length + Math.Max(sizeof(long), bytes.Length / 2));
        Span<byte> room = arena.Span(larger);
        bytes.CopyTo(room);
        room[bytes.Length..].Clear();
        arena.Free(block);
        block = larger;
    }

    private static BlockRef Allocate(Arena arena, int size) =>
        size <= Arena.BlockBytesMax ? arena.Allocate(size) : arena.AllocateLarge(size);

    private static Span<long> RoomOf(Arena arena, BlockRef block) =>
        MemoryMarshal.Cast<byte, long>(arena.Span(block)[Aligned(Element.EndIn(arena, block, 0))..]);

    private static int CountIn(ReadOnlySpan<long> room)
    {
        int count = room.IndexOf(0);
        return count < 0 ? room.Length : count;
    }

    private static int Aligned(int offset) => (offset + sizeof(long) - 1) & -sizeof(long);
}
