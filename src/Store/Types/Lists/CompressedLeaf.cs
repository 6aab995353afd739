using System.Buffers.Binary;
using System.Diagnostics;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A leaf of a large list that is compressed (<see cref="Lzf"/>), as <c>list-compress-depth</c> asks for those far from
/// both ends. What is compressed is a whole listpack of redis-server, which an RDB file takes as it is; a long element
/// is one of a single element.
/// <code>
///   | 0xFFFE 2 | 0 2 | count 2 | bytes of the listpack 4 | bytes that follow 4 | LZF ... |
/// </code>
/// It is never changed: <see cref="QuickList"/> puts an open leaf in its place before, and a new compressed one after.
/// </summary>
internal static class CompressedLeaf
{
    /// <summary>A longer listpack is not compressed, so that its bytes fit the arena's scratch, and what comes of them a block.</summary>
    public const int ListPackBytesMax = Arena.BlockBytesMax - Head;

    private const int Head = ListLeaf.Head + 2 * sizeof(int);

    /// <summary>The bytes of a block for so many compressed bytes.</summary>
    public static int SizeFor(int lzfBytes) => Arena.RoundUp(Head + lzfBytes);

    public static BlockRef Make(Arena arena, ReadOnlySpan<byte> lzf, int listPackBytes, int count)
    {
        BlockRef leaf = arena.Allocate(Head + lzf.Length);
        Span<byte> block = arena.Span(leaf, Head + lzf.Length);
        ListLeaf.MarkCompressed(block, count);
        BinaryPrimitives.WriteInt32LittleEndian(block[ListLeaf.Head..], listPackBytes);
        BinaryPrimitives.WriteInt32LittleEndian(block[(ListLeaf.Head + sizeof(int))..], lzf.Length);
        lzf.CopyTo(block[Head..]);
        return leaf;
    }

    public static BlockRef Copy(Arena arena, BlockRef leaf) =>
        Make(arena, LzfBytes(arena, leaf), ListPackBytes(arena, leaf), ListLeaf.Count(arena, leaf));

    /// <summary>The bytes of the listpack that was compressed.</summary>
    public static int ListPackBytes(Arena arena, BlockRef leaf) =>
        BinaryPrimitives.ReadInt32LittleEndian(arena.Span(leaf, Head)[ListLeaf.Head..]);

    /// <summary>The bytes of its elements.</summary>
    public static int PackBytes(Arena arena, BlockRef leaf) => ListPackBytes(arena, leaf) - ListPackFrame.Bytes;

    /// <summary>The compressed listpack.</summary>
    public static ReadOnlySpan<byte> LzfBytes(Arena arena, BlockRef leaf)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(arena.Span(leaf, Head)[(ListLeaf.Head + sizeof(int))..]);
        return arena.Span(leaf, Head + length)[Head..];
    }

    /// <summary>The elements, packed, in the arena's scratch.</summary>
    public static ReadOnlySpan<byte> Expand(Arena arena, BlockRef leaf)
    {
        Span<byte> listPack = arena.Scratch(ListPackBytes(arena, leaf));
        if (!Lzf.TryExpand(LzfBytes(arena, leaf), listPack)) throw new UnreachableException("Not a compressed leaf.");
        return listPack[ListPackFrame.HeadBytes..^ListPackFrame.EndBytes];
    }

    /// <summary>An open leaf with the same elements.</summary>
    public static BlockRef Open(Arena arena, BlockRef leaf)
    {
        ReadOnlySpan<byte> pack = Expand(arena, leaf);
        return ListLeaf.IsAlone(arena, leaf)
            ? ListLeaf.MakeAlone(arena, ListPack.Read(pack, 0).TextIn(default))
            : ListLeaf.Make(arena, pack, ListLeaf.Count(arena, leaf));
    }
}
