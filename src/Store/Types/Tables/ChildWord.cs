using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// What a table's root or a node's child holds: where the node or segment is, and enough of it that a look-up never
/// reads a header.
///
/// <code>
///   bit 63     62       58..61               40..57        0..39
///   +------+--------+---------------------+-------------+----------------+
///   | node | packed | depth (of a node:   | length in   | BlockRef       |
///   |      |        | log2 of its length) | words       |                |
///   +------+--------+---------------------+-------------+----------------+
/// </code>
/// </summary>
internal readonly record struct ChildWord(ulong Value)
{
    /// <summary>The longest block that a word can describe: 2 MiB.</summary>
    public const int WordsMax = (1 << WordsBits) - 1;

    private const int WordsBits = 18;
    private const int DepthShift = BlockRef.Bits + WordsBits;
    private const ulong DepthMask = 0xF;
    private const ulong PackedBit = 1UL << 62;
    private const ulong NodeBit = 1UL << 63;

    public static ChildWord OfSegment(BlockRef block, int words, int depth, bool isPacked) =>
        new(block.Value | ((ulong)(uint)words << BlockRef.Bits) | ((ulong)(uint)depth << DepthShift) | (isPacked ? PackedBit : 0));

    public static ChildWord OfNode(BlockRef block, int bits) =>
        new(block.Value | (1UL << (BlockRef.Bits + bits)) | ((ulong)(uint)bits << DepthShift) | NodeBit);

    public bool IsNone => Value == 0;

    public bool IsNode => (long)Value < 0;

    /// <summary>The segment's elements lie without gaps from the first slot on, rather than near their homes.</summary>
    public bool IsPacked => (Value & PackedBit) != 0;

    public BlockRef Block => new(Value & BlockRef.Mask);

    /// <summary>The length of the block in words of 8 bytes, a segment's header included.</summary>
    public int Words => (int)((Value >> BlockRef.Bits) & WordsMax);

    /// <summary>Of a segment: how many bits of its level's byte all its hashes share.</summary>
    public int Depth => (int)((Value >> DepthShift) & DepthMask);

    /// <summary>Of a node: how many bits of its level's byte choose the child.</summary>
    public int Bits => Depth;
}
