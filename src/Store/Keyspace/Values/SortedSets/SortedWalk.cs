using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>Goes over the elements of a sorted set one by one, in either direction. The set must not change meanwhile.</summary>
internal ref struct SortedWalk
{
    private readonly Arena? _arena;
    private readonly bool _isBackward;
    private readonly ReadOnlySpan<byte> _pack;
    private TreeCursor _cursor;
    private ReadOnlySpan<SortedEntry> _entries;
    private int _at;
    private bool _isOver;

    /// <summary>Over packed pairs, from the one at this position on.</summary>
    public SortedWalk(ReadOnlySpan<byte> pack, int at, bool isBackward)
    {
        _pack = pack;
        _isBackward = isBackward;
        _at = at;
    }

    /// <summary>Over a tree, from the element of this rank on.</summary>
    public SortedWalk(Arena arena, in CountedTreeRoot root, long from, bool isBackward)
    {
        _arena = arena;
        _isBackward = isBackward;
        SortedPlace place = SortedTree.At(arena, in root, from);
        _cursor = place.Cursor;
        _at = place.Offset;
        _entries = SortedTree.Entries(arena, _cursor.Leaf);
    }

    /// <summary>The next element; false after the last (the first, on the way back).</summary>
    public bool TryNext(out ListPackElement member, out double score)
    {
        member = default;
        score = 0;
        if (_isOver) return false;
        return _arena is null ? TryNextPacked(out member, out score) : TryNextInTree(_arena, out member, out score);
    }

    private bool TryNextPacked(out ListPackElement member, out double score)
    {
        member = default;
        score = 0;
        if (_at < 0 || _at >= _pack.Length) return false;
        int scoreAt = ListPack.Next(_pack, _at);
        member = ListPack.Read(_pack, _at);
        score = SortedSetValue.ScoreAt(_pack, scoreAt);
        if (!_isBackward) _at = ListPack.Next(_pack, scoreAt);
        else if (_at == 0) _isOver = true;
        else _at = ListPack.Previous(_pack, ListPack.Previous(_pack, _at));
        return true;
    }

    private bool TryNextInTree(Arena arena, out ListPackElement member, out double score)
    {
        if ((uint)_at >= (uint)_entries.Length && !TryNextLeaf(arena))
        {
            member = default;
            score = 0;
            return false;
        }
        SortedEntry entry = _entries[_at];
        member = new ListPackElement(SortedElement.KeyOf(arena, entry.Element));
        score = entry.Score;
        _at += _isBackward ? -1 : 1;
        return true;
    }

    private bool TryNextLeaf(Arena arena)
    {
        _isOver = !(_isBackward ? CountedTree.TryPrevious(arena, ref _cursor) : CountedTree.TryNext(arena, ref _cursor));
        if (_isOver) return false;
        _entries = SortedTree.Entries(arena, _cursor.Leaf);
        _at = _isBackward ? _entries.Length - 1 : 0;
        return true;
    }
}
