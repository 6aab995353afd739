using System.Diagnostics;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// Goes over the elements of a list one by one, in either direction, whether they are in one pack or in the leaves of a
/// <see cref="QuickList"/>. The list must not change meanwhile. A compressed leaf is expanded into the arena's scratch
/// when the walk comes to it, so one walk must be over before another begins, and an element is there until then.
/// </summary>
internal ref struct ListWalk
{
    private readonly Arena? _arena;
    private readonly bool _isBackward;
    private TreeCursor _cursor;
    private ReadOnlySpan<byte> _pack;
    private ReadOnlySpan<byte> _alone;
    private int _at;
    private int _scratchUses;
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

    /// <summary>The leaf of which the element that came last is the first, if that leaf is compressed; else none.</summary>
    public readonly BlockRef BegunLeaf =>
        _scratchUses != 0 && !_isOver && _at == ListPack.Next(_pack, 0) ? _cursor.Leaf : BlockRef.None;

    private bool TryStep(out ListPackElement element)
    {
        Debug.Assert(_scratchUses == 0 || _scratchUses == _arena!.ScratchUses, "Another walk has taken the scratch.");
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

    /// <summary>Looks at the leaf that the cursor is at; false where it holds one element alone, as it is.</summary>
    private bool OpenLeaf()
    {
        _at = 0;
        _scratchUses = 0;
        _hasAlone = false;
        if (ListLeaf.IsPacked(_arena!, _cursor.Leaf))
        {
            _pack = ListLeaf.Pack(_arena!, _cursor.Leaf);
            return true;
        }
        _hasAlone = !ListLeaf.IsCompressed(_arena!, _cursor.Leaf);
        if (_hasAlone)
        {
            _pack = default;
            _alone = ListLeaf.Alone(_arena!, _cursor.Leaf);
            return false;
        }
        _pack = CompressedLeaf.Expand(_arena!, _cursor.Leaf);
        _scratchUses = _arena!.ScratchUses;
        return true;
    }
}
