using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// Goes over the elements of a list one by one, in either direction, whether they are in one pack or in the leaves of a
/// <see cref="QuickList"/>. The list must not change meanwhile.
/// </summary>
internal ref struct ListWalk
{
    private readonly Arena? _arena;
    private readonly bool _isBackward;
    private TreeCursor _cursor;
    private ReadOnlySpan<byte> _pack;
    private ReadOnlySpan<byte> _alone;
    private int _at;
    private bool _hasAlone;
    private bool _isOver;

    /// <summary>Over a pack of so many elements, from this one on.</summary>
    public ListWalk(ReadOnlySpan<byte> pack, int count, int from, bool isBackward)
    {
        _pack = pack;
        _isBackward = isBackward;
        _at = isBackward ? ListPack.PositionOf(pack, from + 1, count) : ListPack.PositionOf(pack, from, count);
    }

    /// <summary>Over a quicklist, from the element at this position on.</summary>
    public ListWalk(Arena arena, in CountedTreeRoot root, long from, bool isBackward)
    {
        _arena = arena;
        _isBackward = isBackward;
        _isOver = root.Count == 0;
        if (_isOver) return;
        _cursor = CountedTree.Seek(arena, in root, from, out int offset);
        if (!OpenLeaf()) return;
        int count = ListLeaf.Count(arena, _cursor.Leaf);
        _at = ListPack.PositionOf(_pack, isBackward ? offset + 1 : offset, count);
    }

    /// <summary>The next element; false after the last (the first, on the way back).</summary>
    public bool TryNext(out ListPackElement element)
    {
        element = default;
        while (!_isOver)
        {
            if (_hasAlone)
            {
                _hasAlone = false;
                element = new ListPackElement(_alone);
                return true;
            }
            if (TryStep(out element)) return true;
            _isOver = !TryNextLeaf();
        }
        return false;
    }

    private bool TryStep(out ListPackElement element)
    {
        element = default;
        if (_isBackward)
        {
            if (_at == 0) return false;
            _at = ListPack.Previous(_pack, _at);
            element = ListPack.Read(_pack, _at);
            return true;
        }
        if (_at == _pack.Length) return false;
        element = ListPack.Read(_pack, _at);
        _at = ListPack.Next(_pack, _at);
        return true;
    }

    private bool TryNextLeaf()
    {
        if (_arena is null) return false;
        bool isThere = _isBackward ? CountedTree.TryPrevious(_arena, ref _cursor) : CountedTree.TryNext(_arena, ref _cursor);
        if (!isThere) return false;
        if (OpenLeaf()) _at = _isBackward ? _pack.Length : 0;
        return true;
    }

    /// <summary>Looks at the leaf that the cursor is at; false where it holds one element alone.</summary>
    private bool OpenLeaf()
    {
        _hasAlone = ListLeaf.IsAlone(_arena!, _cursor.Leaf);
        _pack = _hasAlone ? default : ListLeaf.Pack(_arena!, _cursor.Leaf);
        _at = 0;
        if (_hasAlone) _alone = ListLeaf.Alone(_arena!, _cursor.Leaf);
        return !_hasAlone;
    }
}
