using System.Runtime.InteropServices;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// The members of a set, some at a time, by where they lie in it: a block, an integer or a position. So a batch can be
/// sifted through other sets, one after the other, and nothing of it is copied. The set must not change meanwhile.
/// </summary>
internal ref struct SetBatch
{
    /// <summary>So many members of a table are one batch, at least; a packed set is one.</summary>
    public const int MembersMin = 1024;

    private readonly Arena _memory;
    private readonly ReadOnlySpan<byte> _packed;
    private readonly HashTableRoot _table;
    private readonly bool _isTable;
    private readonly bool _isIntegers;
    private readonly List<ulong> _places;
    private ulong _cursor;
    private bool _isOver;

    /// <summary>The members of this set, which exists.</summary>
    public SetBatch(in Key key)
    {
        _memory = key.Memory;
        _isTable = key.Form.IsRooted;
        _isIntegers = SetValue.IsOrdered(in key);
        if (_isTable) _table = SetRoot.Table(key.Root);
        else _packed = key.Packed;
        _places = new List<ulong>((int)Math.Min(SetValue.Count(in key), MembersMin));
    }

    /// <summary>The members of a table that is no key's.</summary>
    public SetBatch(Arena memory, in HashTableRoot table)
    {
        _memory = memory;
        _isTable = true;
        _table = table;
        _places = new List<ulong>((int)Math.Min(table.Count, MembersMin));
    }

    /// <summary>How many of the present members are left.</summary>
    public readonly int Count => _places.Count;

    /// <summary>One of them, in the order of a walk over the set.</summary>
    public readonly ListPackElement this[int index]
    {
        get
        {
            ulong place = _places[index];
            if (_isTable) return new ListPackElement(MemberLayout.KeyOf(_memory, new BlockRef(place)));
            return _isIntegers ? new ListPackElement((long)place) : ListPack.Read(_packed, (int)place);
        }
    }

    /// <summary>Goes on to the next members; false after the last.</summary>
    public bool TryNext()
    {
        if (_isOver) return false;
        _places.Clear();
        if (_isTable)
        {
            var gathering = new Gathering(_places);
            _cursor = HashTable<MemberLayout>.Scan(_memory, in _table, _cursor, MembersMin, ref gathering);
        }
        else if (_isIntegers)
        {
            for (int i = 0; i < IntSet.Count(_packed); i++) _places.Add((ulong)IntSet.At(_packed, i));
        }
        else
        {
            for (int at = 0; at < _packed.Length; at = ListPack.Next(_packed, at)) _places.Add((ulong)at);
        }
        _isOver = _cursor == 0;
        return true;
    }

    /// <summary>Keeps the present members that another set has too, or those that it has not.</summary>
    public readonly void Keep(in Key other, bool present)
    {
        Span<ulong> places = CollectionsMarshal.AsSpan(_places);
        int kept = 0;
        for (int i = 0; i < places.Length; i++)
            if (SetValue.Contains(in other, this[i]) == present) places[kept++] = places[i];
        CollectionsMarshal.SetCount(_places, kept);
    }

    /// <summary>Keeps the present members that are not in a draft.</summary>
    public readonly void KeepAbsent(SetDraft draft)
    {
        Span<ulong> places = CollectionsMarshal.AsSpan(_places);
        int kept = 0;
        for (int i = 0; i < places.Length; i++)
            if (!draft.Contains(this[i])) places[kept++] = places[i];
        CollectionsMarshal.SetCount(_places, kept);
    }

    private readonly struct Gathering(List<ulong> places) : IBlockVisitor
    {
        public void Visit(BlockRef block) => places.Add(block.Value);
    }
}
