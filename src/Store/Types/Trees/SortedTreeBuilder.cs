using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// Makes a <see cref="SortedTree"/> of elements that come from the last to the first, as the files have them: leaf by
/// leaf, without a search, and the nodes over them at the end. Leaves and nodes are full then: 16 bytes an element. Who
/// brings elements in another order may; from there on each is sought its place.
/// </summary>
internal sealed class SortedTreeBuilder(Arena arena)
{
    private readonly List<TreeLeaf> _leaves = [];
    private readonly SortedEntry[] _entries = new SortedEntry[SortedTree.LeafMax];

    /// <summary>Where in the leaf that is being filled, from its end on, its elements begin.</summary>
    private int _first = SortedTree.LeafMax;

    private SortedEntry _last;
    private bool _hasLast;
    private bool _isTree;
    private CountedTreeRoot _tree;

    /// <summary>Adds an element that is not there.</summary>
    public void Add(double score, BlockRef element)
    {
        var entry = new SortedEntry(score, element.Value);
        if (!_isTree && _hasLast && !IsBeforeLast(entry)) MakeTree();
        if (_isTree)
        {
            SortedTree.Insert(arena, ref _tree, score, element);
            return;
        }
        if (_first == 0) EndLeaf();
        _entries[--_first] = entry;
        (_last, _hasLast) = (entry, true);
    }

    /// <summary>The tree of all that was added; the builder is not of use any more.</summary>
    public CountedTreeRoot Build()
    {
        if (!_isTree) MakeTree();
        return _tree;
    }

    private bool IsBeforeLast(SortedEntry entry)
    {
        if (entry.Score != _last.Score) return entry.Score < _last.Score;
        return SortedElement.KeyOf(arena, entry.Element).SequenceCompareTo(SortedElement.KeyOf(arena, _last.Element)) < 0;
    }

    private void EndLeaf()
    {
        if (_first < _entries.Length) _leaves.Add(SortedTree.Leaf(arena, _entries.AsSpan(_first)));
        _first = _entries.Length;
    }

    private void MakeTree()
    {
        EndLeaf();
        _leaves.Reverse();
        _tree = CountedTree.Build(arena, _leaves);
        _isTree = true;
    }
}
