using System.Runtime.InteropServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A node of a stream as a leaf of its tree: the key, and the packed elements (<see cref="StreamPack"/>) with room behind
/// them while entries are added. Long ones have a block of their own.
/// <code>
///   | key 16 | bytes 4 | 0 | elements ... | room |
///   | key 16 | bytes 4 | 1 | BlockRef 8 |
/// </code>
/// </summary>
internal static class StreamLeaf
{
    private const int HeadBytes = 24;
    private const int InlineBytesMax = Arena.BlockBytesMax - HeadBytes;

    /// <summary>The node's key: the identifier of the entry that was its first.</summary>
    public static StreamId KeyOf(Arena arena, BlockRef leaf) => Head(arena, leaf).Key;

    public static Span<byte> Pack(Arena arena, BlockRef leaf)
    {
        ref Header head = ref Head(arena, leaf);
        return head.IsApart == 0
            ? arena.Span(leaf, HeadBytes + head.Bytes)[HeadBytes..]
            : arena.Span(ReferenceIn(arena, leaf), head.Bytes);
    }

    /// <summary>Makes a leaf for so many bytes, which the caller writes.</summary>
    public static BlockRef Make(Arena arena, StreamId key, int bytes)
    {
        bool isApart = bytes > InlineBytesMax;
        BlockRef leaf = arena.Allocate(isApart ? HeadBytes + sizeof(ulong) : HeadBytes + bytes);
        Head(arena, leaf) = new Header { Key = key, Bytes = bytes, IsApart = isApart ? 1 : 0 };
        if (isApart) SetReference(arena, leaf, arena.AllocateAny(bytes));
        return leaf;
    }

    /// <summary>
    /// Makes the pack longer, or shorter, at its end. The leaf may be another one then: the caller puts it in the place of the
    /// old one, which is freed.
    /// </summary>
    public static BlockRef Resize(Arena arena, BlockRef leaf, int bytes)
    {
        arena.BeforeChange(leaf);
        ref Header head = ref Head(arena, leaf);
        int room = head.IsApart == 0 ? arena.SizeOf(leaf) - HeadBytes : arena.SizeOf(ReferenceIn(arena, leaf));
        if (bytes <= room)
        {
            head.Bytes = bytes;
            return leaf;
        }
        // A quarter more than is needed now, so that adding costs O(1) a byte.
        int withRoom = (int)Math.Min(StreamPack.BytesMax, bytes + (bytes / 4L));
        if (bytes <= InlineBytesMax) withRoom = Math.Min(withRoom, InlineBytesMax);
        BlockRef larger = Make(arena, head.Key, withRoom);
        Pack(arena, leaf).CopyTo(Pack(arena, larger));
        Head(arena, larger).Bytes = bytes;
        Free(arena, leaf);
        return larger;
    }

    /// <summary>Gives back the room of a leaf to which nothing is added any more; as <see cref="Resize"/>, it may be another then.</summary>
    public static BlockRef Fit(Arena arena, BlockRef leaf)
    {
        Header head = Head(arena, leaf);
        if (head.IsApart != 0 || Arena.RoundUp(HeadBytes + head.Bytes) >= arena.SizeOf(leaf)) return leaf;
        BlockRef fitting = Copy(arena, leaf);
        Free(arena, leaf);
        return fitting;
    }

    public static BlockRef Copy(Arena arena, BlockRef leaf)
    {
        Span<byte> pack = Pack(arena, leaf);
        BlockRef copy = Make(arena, KeyOf(arena, leaf), pack.Length);
        pack.CopyTo(Pack(arena, copy));
        return copy;
    }

    public static void Free(Arena arena, BlockRef leaf)
    {
        if (arena.Keeps(leaf)) return;
        arena.BeforeChange(leaf);
        if (Head(arena, leaf).IsApart != 0) arena.Free(ReferenceIn(arena, leaf));
        arena.Free(leaf);
    }

    /// <summary>Moves the block of a long pack.</summary>
    internal static void MovePack(BlockMover mover, BlockRef leaf)
    {
        if (Head(mover.Arena, leaf).IsApart == 0) return;
        BlockRef pack = ReferenceIn(mover.Arena, leaf);
        if (!mover.TryMove(ref pack)) return;
        mover.Arena.BeforeChange(leaf);
        SetReference(mover.Arena, leaf, pack);
    }

    /// <summary>The bytes of its blocks.</summary>
    public static long MemoryBytes(Arena arena, BlockRef leaf) =>
        arena.SizeOf(leaf) + (Head(arena, leaf).IsApart != 0 ? arena.SizeOf(ReferenceIn(arena, leaf)) : 0);

    private static ref Header Head(Arena arena, BlockRef leaf) => ref MemoryMarshal.AsRef<Header>(arena.Span(leaf, HeadBytes));

    private static BlockRef ReferenceIn(Arena arena, BlockRef leaf) => new(arena.Words(leaf, (HeadBytes / sizeof(ulong)) + 1)[^1]);

    private static void SetReference(Arena arena, BlockRef leaf, BlockRef block) =>
        arena.Words(leaf, (HeadBytes / sizeof(ulong)) + 1)[^1] = block.Value;

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public StreamId Key;
        public int Bytes;
        public int IsApart;
    }
}
