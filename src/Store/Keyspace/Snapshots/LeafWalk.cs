using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Snapshots;

/// <summary>
/// Walks over the leaves of a list or a stream, in their order. It knows all that there were from the beginning, 8 bytes each;
/// one that is changed before its turn is copied, and one that is freed stays, until it is written.
/// <code>
///   leaves   | written | written | leaf | copy, own | leaf | kept, own | leaf | ...
///                                  ^ next
/// </code>
/// </summary>
internal sealed class LeafWalk : CollectionWalk, IPieceObserver
{
    /// <summary>A leaf takes as long as so many elements of others.</summary>
    private const int LeafCost = 16;

    private const ulong OwnBit = 1UL << 63;

    private readonly List<ulong> _leaves = [];

    /// <summary>Pieces that were asked for and are none of the leaves to come; nor will they be, for those are not used again before.</summary>
    private readonly HashSet<ulong> _others = [];

    private int _next;
    private int _met;

    /// <param name="tree">The tree that has the leaves.</param>
    public LeafWalk(Databases space, BlockRef owner, in SnapshotEntry entry, in CountedTreeRoot tree, IHugeValue value)
        : base(space, owner, in entry, value)
    {
        TreeCursor cursor = CountedTree.First(Arena, in tree);
        do _leaves.Add(cursor.Leaf.Value);
        while (CountedTree.TryNext(Arena, ref cursor));
    }

    public override void BeforeChange(BlockRef element)
    {
        int index = IndexOf(element);
        if (index < 0) return;
        BlockRef copy = Type == KeyType.List ? ListLeaf.Copy(Arena, element) : StreamLeaf.Copy(Arena, element);
        Own(index, copy);
        _others.Add(element.Value);
    }

    public bool Keeps(BlockRef piece)
    {
        int index = IndexOf(piece);
        if (index < 0) return false;
        Own(index, piece);
        return true;
    }

    public override void Drop()
    {
        while (_next < _leaves.Count) FreeNext();
        base.Drop();
    }

    protected override void Walk(int elements)
    {
        for (_met = _next; elements > 0 && _met < _leaves.Count; elements -= LeafCost) Meet(new BlockRef(_leaves[_met++] & ~OwnBit));
    }

    protected override void AfterWalk()
    {
        while (_next < _met) FreeNext();
        IsPassed = _next == _leaves.Count;
    }

    private void FreeNext()
    {
        ulong word = _leaves[_next++];
        if ((word & OwnBit) == 0) return;
        var leaf = new BlockRef(word & ~OwnBit);
        Bytes -= BytesOf(leaf);
        if (Type == KeyType.List) ListLeaf.Free(Arena, leaf);
        else StreamLeaf.Free(Arena, leaf);
    }

    private void Own(int index, BlockRef leaf)
    {
        _leaves[index] = leaf.Value | OwnBit;
        Bytes += BytesOf(leaf);
    }

    private long BytesOf(BlockRef leaf) =>
        Type == KeyType.List ? ListLeaf.MemoryBytes(Arena, leaf) : StreamLeaf.MemoryBytes(Arena, leaf);

    /// <summary>The number of a leaf that is still to be written and still the value's own, or -1.</summary>
    private int IndexOf(BlockRef piece)
    {
        if (_others.Contains(piece.Value)) return -1;
        int index = CollectionsMarshal.AsSpan(_leaves)[_next..].IndexOf(piece.Value);
        if (index >= 0) return _next + index;
        _others.Add(piece.Value);
        return -1;
    }
}
