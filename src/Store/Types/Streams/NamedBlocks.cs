using System.Runtime.InteropServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>The root of <see cref="NamedBlocks{THead}"/>: 24 bytes that live in their owner. All zero is none.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NamedBlocksRoot
{
    /// <summary>The block of references by number.</summary>
    internal ulong Slots;

    /// <summary>The block of numbers in the order of the names.</summary>
    internal ulong Order;

    /// <summary>How many there are.</summary>
    public int Count;

    /// <summary>For how many the two blocks have room.</summary>
    internal int Room;
}

/// <summary>
/// A few blocks that are found by their name, in the order of the names' bytes, or by a number that stays theirs: the groups
/// of a stream, and the consumers of a group.
/// <code>
///   Slots   | BlockRef | BlockRef | none | ...         by number
///   Order   | number | number | ...                    by name
///   block   | name's length 4 | number 4 | THead | name |
/// </code>
/// Adding and removing move four bytes for each that follows, which a thousand of them never notice.
/// </summary>
internal static class NamedBlocks<THead> where THead : unmanaged
{
    private const int RoomMin = 4;
    private const int NameHead = 2 * sizeof(int);

    private static readonly int HeadBytes = NameHead + SizeOf<THead>.Bytes;

    /// <summary>Finds a name; else where in the order it would stand.</summary>
    public static bool TryFind(Arena arena, in NamedBlocksRoot root, ReadOnlySpan<byte> name, out BlockRef block, out int index)
    {
        int low = 0;
        int high = root.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            block = InOrder(arena, in root, middle);
            int order = NameOf(arena, block).SequenceCompareTo(name);
            if (order == 0)
            {
                index = middle;
                return true;
            }
            if (order < 0) low = middle + 1;
            else high = middle;
        }
        block = default;
        index = low;
        return false;
    }

    /// <summary>The one at this place in the order of the names.</summary>
    public static BlockRef InOrder(Arena arena, in NamedBlocksRoot root, int index) => ByNumber(arena, in root, (int)Order(arena, in root)[index]);

    public static BlockRef ByNumber(Arena arena, in NamedBlocksRoot root, int number) => new(Slots(arena, in root)[number]);

    public static ref THead HeadOf(Arena arena, BlockRef block) => ref MemoryMarshal.AsRef<THead>(arena.Span(block, HeadBytes)[NameHead..]);

    /// <summary>As <see cref="HeadOf"/>, to be changed.</summary>
    public static ref THead Edit(Arena arena, BlockRef block)
    {
        arena.BeforeChange(block);
        return ref HeadOf(arena, block);
    }

    public static ReadOnlySpan<byte> NameOf(Arena arena, BlockRef block)
    {
        int length = MemoryMarshal.Read<int>(arena.Span(block, sizeof(int)));
        return arena.Span(block, HeadBytes + length)[HeadBytes..];
    }

    public static int NumberOf(Arena arena, BlockRef block) => MemoryMarshal.Read<int>(arena.Span(block, NameHead)[sizeof(int)..]);

    /// <summary>Adds a name, which is not there, at the place in the order that <see cref="TryFind"/> gave; its head is zero.</summary>
    public static BlockRef Add(Arena arena, ref NamedBlocksRoot root, int index, ReadOnlySpan<byte> name)
    {
        if (root.Count == root.Room) Grow(arena, ref root);
        Span<ulong> slots = Slots(arena, in root);
        int number = slots.IndexOf(BlockRef.None.Value);
        BlockRef block = arena.AllocateAny(HeadBytes + name.Length);
        Span<byte> bytes = arena.Span(block, HeadBytes + name.Length);
        bytes[..HeadBytes].Clear();
        MemoryMarshal.Write(bytes, name.Length);
        MemoryMarshal.Write(bytes[sizeof(int)..], number);
        name.CopyTo(bytes[HeadBytes..]);

        BeforeChange(arena, in root);
        slots[number] = block.Value;
        Span<uint> order = Order(arena, in root);
        order[index..root.Count].CopyTo(order[(index + 1)..]);
        order[index] = (uint)number;
        root.Count++;
        return block;
    }

    /// <summary>Takes the one at this place in the order out; its block is freed, and what its head refers to is the caller's.</summary>
    public static void Remove(Arena arena, ref NamedBlocksRoot root, int index)
    {
        BeforeChange(arena, in root);
        Span<uint> order = Order(arena, in root);
        int number = (int)order[index];
        BlockRef block = ByNumber(arena, in root, number);
        Slots(arena, in root)[number] = BlockRef.None.Value;
        order[(index + 1)..root.Count].CopyTo(order[index..]);
        root.Count--;
        arena.BeforeChange(block);
        arena.Free(block);
        if (root.Count == 0) FreeArrays(arena, ref root);
    }

    /// <summary>
    /// Copies all blocks, with the numbers that they have. The heads are copied as they are: what they refer to is the
    /// caller's to copy.
    /// </summary>
    public static NamedBlocksRoot Copy(Arena arena, in NamedBlocksRoot root)
    {
        if (root.Room == 0) return default;
        var copy = new NamedBlocksRoot { Count = root.Count };
        MakeArrays(arena, ref copy, root.Room);
        Order(arena, in root).CopyTo(Order(arena, in copy));
        Span<ulong> from = Slots(arena, in root);
        Span<ulong> to = Slots(arena, in copy);
        for (int i = 0; i < from.Length; i++) to[i] = from[i] == 0 ? 0 : CopyBlock(arena, new BlockRef(from[i])).Value;
        return copy;
    }

    /// <summary>The bytes of the blocks, but for what the heads refer to.</summary>
    public static long MemoryBytes(Arena arena, in NamedBlocksRoot root)
    {
        if (root.Room == 0) return 0;
        long bytes = arena.SizeOf(new BlockRef(root.Slots)) + arena.SizeOf(new BlockRef(root.Order));
        foreach (ulong slot in Slots(arena, in root))
            if (slot != 0) bytes += arena.SizeOf(new BlockRef(slot));
        return bytes;
    }

    /// <summary>
    /// Moves what is to be moved: the blocks from this number on, and through <paramref name="parts"/> what their heads refer
    /// to. True when all were shown; else the number is that to go on with.
    /// </summary>
    public static bool Move<TParts>(BlockMover mover, ref NamedBlocksRoot root, ref int number, ref TParts parts)
        where TParts : struct, IHeadMover<THead>, allows ref struct
    {
        if (root.Room == 0) return true;
        mover.TryMove(ref root.Slots);
        mover.TryMove(ref root.Order);
        for (; number < root.Room && !mover.IsSpent; number++)
        {
            ref ulong slot = ref Slots(mover.Arena, in root)[number];
            if (slot == BlockRef.None.Value) continue;
            mover.Arena.BeforeChange(new BlockRef(root.Slots));
            mover.TryMove(ref slot);
            if (!parts.Move(mover, ref HeadOf(mover.Arena, new BlockRef(slot)))) return false;
        }
        return number >= root.Room;
    }

    private static BlockRef CopyBlock(Arena arena, BlockRef block)
    {
        int bytes = HeadBytes + NameOf(arena, block).Length;
        BlockRef copy = arena.AllocateAny(bytes);
        arena.Span(block, bytes).CopyTo(arena.Span(copy, bytes));
        return copy;
    }

    private static void Grow(Arena arena, ref NamedBlocksRoot root)
    {
        NamedBlocksRoot old = root;
        MakeArrays(arena, ref root, Math.Max(RoomMin, old.Room * 2));
        if (old.Room == 0) return;
        Slots(arena, in old).CopyTo(Slots(arena, in root));
        Order(arena, in old).CopyTo(Order(arena, in root));
        FreeArrays(arena, ref old);
    }

    private static void MakeArrays(Arena arena, ref NamedBlocksRoot root, int room)
    {
        root.Room = room;
        root.Slots = arena.AllocateAny((long)room * sizeof(ulong)).Value;
        root.Order = arena.AllocateAny((long)room * sizeof(uint)).Value;
        Slots(arena, in root).Clear();
    }

    private static void FreeArrays(Arena arena, ref NamedBlocksRoot root)
    {
        BeforeChange(arena, in root);
        arena.Free(new BlockRef(root.Slots));
        arena.Free(new BlockRef(root.Order));
        root = default;
    }

    private static void BeforeChange(Arena arena, in NamedBlocksRoot root)
    {
        arena.BeforeChange(new BlockRef(root.Slots));
        arena.BeforeChange(new BlockRef(root.Order));
    }

    private static Span<ulong> Slots(Arena arena, in NamedBlocksRoot root) => arena.Words(new BlockRef(root.Slots), root.Room);

    private static Span<uint> Order(Arena arena, in NamedBlocksRoot root) =>
        MemoryMarshal.Cast<byte, uint>(arena.Span(new BlockRef(root.Order), root.Room * sizeof(uint)));
}

/// <summary>Moves what the head of a block refers to.</summary>
internal interface IHeadMover<THead>
{
    /// <summary>True when nothing is left to be moved; else the budget is spent, and it is shown the head again.</summary>
    bool Move(BlockMover mover, ref THead head);
}
