using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>A walk over the entries of a stream that are there, between two identifiers. Whoever changes the stream begins another.</summary>
internal ref struct StreamWalk
{
    private readonly Arena _memory;
    private readonly StreamId _from;
    private readonly StreamId _to;
    private readonly bool _isBackward;
    private TreeCursor _cursor;
    private ReadOnlySpan<byte> _pack;
    private StreamId _key;
    private long _masterFields;
    private int _masterFieldsAt;
    private int _firstAt;
    private int _at;
    private bool _isOver;

    /// <param name="from">The lowest identifier that is shown.</param>
    /// <param name="to">The highest.</param>
    internal StreamWalk(Arena memory, in CountedTreeRoot entries, StreamId from, StreamId to, bool isBackward)
    {
        _memory = memory;
        _from = from;
        _to = to;
        _isBackward = isBackward;
        _isOver = entries.Top == 0 || from > to;
        if (_isOver) return;
        _cursor = IdDescent.Find(memory, in entries, isBackward ? to : from);
        OpenNode();
    }

    public bool TryNext(out StreamEntry entry)
    {
        while (!_isOver)
        {
            if (!TryStep(out entry))
            {
                _isOver = _isBackward ? !CountedTree.TryPrevious(_memory, ref _cursor) : !CountedTree.TryNext(_memory, ref _cursor);
                if (!_isOver) OpenNode();
                continue;
            }
            if (_isBackward ? entry.Id < _from : entry.Id > _to)
            {
                _isOver = true;
                break;
            }
            if (!entry.IsDeleted && (_isBackward ? entry.Id <= _to : entry.Id >= _from)) return true;
        }
        entry = default;
        return false;
    }

    private void OpenNode()
    {
        _pack = StreamLeaf.Pack(_memory, _cursor.Leaf);
        _key = StreamLeaf.KeyOf(_memory, _cursor.Leaf);
        _masterFieldsAt = StreamPack.MasterFields(_pack, out _masterFields);
        _firstAt = ListPack.Skip(_pack, _masterFieldsAt, (int)_masterFields + 1);
        _at = _isBackward ? _pack.Length : _firstAt;
    }

    /// <summary>The next entry of the node, deleted or not.</summary>
    private bool TryStep(out StreamEntry entry)
    {
        entry = default;
        if (_at == (_isBackward ? _firstAt : _pack.Length)) return false;
        if (_isBackward) _at = StreamPack.EntryBefore(_pack, _at);
        entry = StreamPack.EntryAt(_pack, _key, _masterFieldsAt, _masterFields, _at);
        if (!_isBackward) _at = entry.End;
        return true;
    }
}
