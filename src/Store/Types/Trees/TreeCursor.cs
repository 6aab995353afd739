using System.Diagnostics;
using System.Runtime.CompilerServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>The way from the root of a <see cref="CountedTree"/> to a leaf. Valid until the tree is changed otherwise than through it.</summary>
public struct TreeCursor
{
    /// <summary>A node has 2 children at least where it was not emptied, 64 where it was filled: more levels than this do not come.</summary>
    private const int HeightMax = 12;

    private const int HeightShift = 56;

    private NodeList _nodes;
    private IndexList _indexes;
    private ulong _below;

    internal TreeCursor(ulong top)
    {
        _below = top;
        Height = 0;
    }

    /// <summary>The leaf.</summary>
    public readonly BlockRef Leaf => BlockOf(_below);

    /// <summary>The nodes passed.</summary>
    internal int Height { get; private set; }

    /// <summary>What was reached is a node, and not yet a leaf.</summary>
    internal readonly bool IsAboveLeaves => HeightOf(_below) > 0;

    /// <summary>The node, or the leaf, that was reached.</summary>
    internal readonly BlockRef Below => BlockOf(_below);

    internal static BlockRef BlockOf(ulong word) => new(word & BlockRef.Mask);

    /// <summary>0 for a leaf.</summary>
    internal static int HeightOf(ulong word) => (int)(word >> HeightShift);

    internal static ulong HeightBits(int height) => (ulong)height << HeightShift;

    internal readonly BlockRef NodeAt(int level) => new(_nodes[level]);

    internal readonly int IndexAt(int level) => _indexes[level];

    /// <summary>The height of the node at this level, level 0 being the root.</summary>
    internal readonly int HeightAt(int level) => Height - level;

    internal void Descend(int index, ulong child)
    {
        Debug.Assert(Height < HeightMax, "A tree of impossible height.");
        _nodes[Height] = Below.Value;
        _indexes[Height] = index;
        Height++;
        _below = child;
    }

    /// <summary>Takes another child at this level; what was below is to be descended again.</summary>
    internal void Turn(int level, int index, ulong child)
    {
        _indexes[level] = index;
        Height = level + 1;
        _below = child;
    }

    internal void SetLeaf(BlockRef leaf) => _below = leaf.Value;

    internal void SetNode(int level, BlockRef node) => _nodes[level] = node.Value;

    [InlineArray(HeightMax)]
    private struct NodeList
    {
        private ulong _first;
    }

    [InlineArray(HeightMax)]
    private struct IndexList
    {
        private int _first;
    }
}
