using System.Runtime.CompilerServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// An inner node of a hash table: 2 to 256 children, chosen by the first bits of one byte of the hash. It doubles when
/// a segment under it needs a bit more to split, as the directory of extendible hashing does (Fagin et al. 1979), but
/// never beyond the byte: there the next level begins. So a node costs 8 bytes for a share of a segment, and no step
/// copies more than 2 KiB.
///
/// <code>
///   bits = 3:   000   001   010   011   100   101   110   111      of byte `level` of the hash
///             +-----+-----+-----+-----+-----+-----+-----+-----+
///             |  a  |  a  |  a  |  a  |  b  |  b  |  c  |  d  |    a: depth 1, b: depth 2, c, d: depth 3
///             +-----+-----+-----+-----+-----+-----+-----+-----+
/// </code>
///
/// A child that is a node stands alone (it implies depth 8), so its parent has 256 children.
/// </summary>
internal static class TrieNode
{
    public const int BitsMax = 8;

    /// <summary>The levels of a trie over 64 bits of hash.</summary>
    public const int LevelsMax = 8;

    public static Span<ulong> Children(Arena arena, ChildWord node) => arena.Words(node.Block, 1 << node.Bits);

    /// <summary>Goes down to the segment for a hash, whose first bytes are shifted out with every level but one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ChildWord Descend(Arena arena, ChildWord top, ref ulong hash)
    {
        if (!top.IsNode) return top;
        for (ChildWord node = top; ; hash <<= BitsMax)
        {
            var child = new ChildWord(Children(arena, node)[(int)(hash >> (64 - node.Bits))]);
            if (!child.IsNode) return child;
            node = child;
        }
    }

    /// <summary>A node of two children that are both this one.</summary>
    public static ChildWord Above(Arena arena, ChildWord child)
    {
        BlockRef block = arena.Allocate(2 * sizeof(ulong));
        arena.Words(block, 2).Fill(child.Value);
        return ChildWord.OfNode(block, 1);
    }

    /// <summary>The node with each child twice; the old one is freed.</summary>
    public static ChildWord Doubled(Arena arena, ChildWord node)
    {
        BlockRef block = arena.Allocate(2 * sizeof(ulong) << node.Bits);
        Span<ulong> children = Children(arena, node);
        Span<ulong> doubled = arena.Words(block, 2 << node.Bits);
        for (int i = 0; i < doubled.Length; i++) doubled[i] = children[i >> 1];
        Free(arena, node);
        return ChildWord.OfNode(block, node.Bits + 1);
    }

    /// <summary>The node with every second child, when no segment under it needs both of a pair.</summary>
    public static bool TryHalve(Arena arena, ChildWord node, out ChildWord halved)
    {
        halved = node;
        if (node.Bits == 1) return false;
        Span<ulong> children = Children(arena, node);
        for (int i = 0; i < children.Length; i += 2)
        {
            if (children[i] != children[i + 1]) return false;
        }

        BlockRef block = arena.Allocate(children.Length / 2 * sizeof(ulong));
        Span<ulong> half = arena.Words(block, children.Length / 2);
        for (int i = 0; i < half.Length; i++) half[i] = children[2 * i];
        Free(arena, node);
        halved = ChildWord.OfNode(block, node.Bits - 1);
        return true;
    }

    public static void Free(Arena arena, ChildWord node)
    {
        arena.BeforeChange(node.Block);
        arena.FreeAtOnce(node.Block);
    }
}
