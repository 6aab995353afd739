using System.Runtime.CompilerServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// The way from the root to the segment for a hash: what growing and shrinking need in order to put other segments
/// and nodes in the place of those met. Valid until something else changes the table.
/// </summary>
internal struct TablePath
{
    private readonly ulong _hash;
    private int _nodeCount;
    private NodeList _nodes;

    public TablePath(Arena arena, in HashTableRoot root, ulong hash)
    {
        _hash = hash;
        var child = new ChildWord(root.Top);
        while (child.IsNode)
        {
            _nodes[_nodeCount] = child;
            child = new ChildWord(TrieNode.Children(arena, child)[IndexAt(_nodeCount, child.Bits)]);
            _nodeCount++;
        }

        Segment = child;
    }

    public ChildWord Segment { get; private set; }

    public readonly bool HasNode => _nodeCount > 0;

    /// <summary>How many bytes of the hash are used up above the segment's node.</summary>
    public readonly int Level => Math.Max(0, _nodeCount - 1);

    public readonly ChildWord Node => _nodes[_nodeCount - 1];

    /// <summary>The segment that shares all but the last bit of this one's place; none if it is split further.</summary>
    public readonly ChildWord Buddy(Arena arena)
    {
        if (!HasNode || Segment.Depth == 0) return default;
        int index = IndexAt(Level, Node.Bits) ^ (1 << (Node.Bits - Segment.Depth));
        var buddy = new ChildWord(TrieNode.Children(arena, Node)[index]);
        return !buddy.IsNode && buddy.Depth == Segment.Depth ? buddy : default;
    }

    /// <summary>Whether the segment lies in the upper half of what it and its buddy cover.</summary>
    public readonly bool IsUpper => ((_hash >> (64 - (TrieNode.BitsMax * Level) - Segment.Depth)) & 1) != 0;

    /// <summary>The first hash after those of the segment; 0 after the last.</summary>
    public readonly ulong End
    {
        get
        {
            int bits = (TrieNode.BitsMax * Level) + Segment.Depth;
            if (bits == 0) return 0;
            ulong share = 1UL << (64 - bits);
            return (_hash & (0 - share)) + share;
        }
    }

    /// <summary>Puts a segment of the same or a smaller depth where the segment is.</summary>
    public void SetSegment(Arena arena, ref HashTableRoot root, ChildWord segment)
    {
        Segment = segment;
        if (!HasNode) root.Top = segment.Value;
        else Fill(arena, IndexAt(Level, Node.Bits), segment);
    }

    /// <summary>Puts the halves of the segment where it is, and stays with the one for the hash.</summary>
    public void SetHalves(Arena arena, ChildWord lower, ChildWord upper)
    {
        int half = 1 << (Node.Bits - lower.Depth);
        int first = IndexAt(Level, Node.Bits) & -(2 * half);
        Fill(arena, first, lower);
        Fill(arena, first + half, upper);
        Segment = ((IndexAt(Level, Node.Bits) & half) == 0) ? lower : upper;
    }

    /// <summary>Puts a node over the segment, at the level that begins there.</summary>
    public void Deepen(Arena arena, ref HashTableRoot root, ChildWord segment)
    {
        ChildWord node = TrieNode.Above(arena, segment);
        SetSegment(arena, ref root, node);
        _nodes[_nodeCount++] = node;
        Segment = segment;
    }

    /// <summary>Puts another node, with the same children, in the place of the last one.</summary>
    public void SetNode(Arena arena, ref HashTableRoot root, ChildWord node)
    {
        _nodes[_nodeCount - 1] = node;
        PutNode(arena, ref root, _nodeCount - 1);
    }

    /// <summary>Frees the last node and puts its only segment, with tags of the level above, in its place.</summary>
    public void Collapse(Arena arena, ref HashTableRoot root, ChildWord segment)
    {
        TrieNode.Free(arena, Node);
        _nodeCount--;
        SetSegment(arena, ref root, segment);
    }

    /// <summary>Moves the nodes on the way, and the segment, where they are to be moved.</summary>
    public void Move(BlockMover mover, ref HashTableRoot root)
    {
        for (int level = 0; level < _nodeCount; level++)
        {
            ulong word = _nodes[level].Value;
            if (!mover.TryMove(ref word)) continue;
            _nodes[level] = new ChildWord(word);
            PutNode(mover.Arena, ref root, level);
        }

        ulong segment = Segment.Value;
        if (mover.TryMove(ref segment)) SetSegment(mover.Arena, ref root, new ChildWord(segment));
    }

    // A node or a segment of depth 8 has one child; a segment of depth d has all those that share d bits.
    private readonly void Fill(Arena arena, int index, ChildWord child)
    {
        int share = child.IsNode ? 1 : 1 << (Node.Bits - child.Depth);
        arena.BeforeChange(Node.Block);
        TrieNode.Children(arena, Node).Slice(index & -share, share).Fill(child.Value);
    }

    /// <summary>Writes the node of this level where it is found: into the root, or the node above.</summary>
    private readonly void PutNode(Arena arena, ref HashTableRoot root, int level)
    {
        if (level == 0)
        {
            root.Top = _nodes[level].Value;
            return;
        }

        ChildWord parent = _nodes[level - 1];
        arena.BeforeChange(parent.Block);
        TrieNode.Children(arena, parent)[IndexAt(level - 1, parent.Bits)] = _nodes[level].Value;
    }

    private readonly int IndexAt(int level, int bits) => (int)((_hash << (TrieNode.BitsMax * level)) >> (64 - bits));

    [InlineArray(TrieNode.LevelsMax)]
    private struct NodeList
    {
        private ChildWord _first;
    }
}
