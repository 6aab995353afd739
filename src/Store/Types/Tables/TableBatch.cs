using System.Runtime.InteropServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// Elements on their way into a large table that comes from outside, many at a time. A place in such a table is in no
/// cache, and asked for one after another each waits for the one before. So some dozens are asked for together
/// (<c>HashTable.Touch</c>); and where hundreds of thousands come, they gather first, and are added in the order of the
/// first bits of their hashes: then those for one segment come one after another.
/// </summary>
/// <param name="expected">How many elements are said to come.</param>
internal sealed class TableBatch<TLayout>(Arena arena, KeyedHash hashing, long expected) where TLayout : struct, IKeyLayout
{
    private const int FewMax = 64;

    /// <summary>So many gather: 1 MiB, and as much to put them in order.</summary>
    private const int ManyMax = 1 << 16;

    /// <summary>From so many elements on the table is larger than the caches.</summary>
    private const int LargeTableMin = 1 << 18;

    /// <summary>A share of the hashes by so many bits: of a table of millions, a segment or two.</summary>
    private const int ShareBits = 12;

    private readonly int _capacity = expected < LargeTableMin ? FewMax : ManyMax;
    private readonly int[] _ends = new int[expected < LargeTableMin ? 0 : 1 << ShareBits];
    private Element[] _elements = new Element[FewMax];
    private Element[] _room = [];
    private int _count;

    /// <summary>The elements that are in no table yet.</summary>
    public IEnumerable<BlockRef> Waiting
    {
        get
        {
            for (int i = 0; i < _count; i++) yield return _elements[i].Block;
        }
    }

    /// <summary>Adds an element, now or with those that follow; false where the key of one is there already.</summary>
    public bool TryAdd(ref HashTableRoot table, ReadOnlySpan<byte> key, BlockRef block)
    {
        if (_count == _elements.Length) Array.Resize(ref _elements, Math.Min(_capacity, _count * 4));
        _elements[_count++] = new Element(hashing.Of(key), block);
        return _count < _capacity || TryFlush(ref table);
    }

    /// <summary>Adds those that wait; false where the key of one is there already: it and those behind it go on waiting.</summary>
    public bool TryFlush(ref HashTableRoot table)
    {
        if (_count > FewMax) Order();
        int added = 0;
        while (added < _count && TryAddSome(ref table, _elements.AsSpan(added, Math.Min(FewMax, _count - added)), ref added)) { }
        bool isWhole = added == _count;
        _elements.AsSpan(added, _count - added).CopyTo(_elements);
        _count -= added;
        return isWhole;
    }

    private bool TryAddSome(ref HashTableRoot table, ReadOnlySpan<Element> elements, ref int added)
    {
        foreach (Element element in elements) HashTable<TLayout>.Touch(arena, in table, element.Hash);
        foreach (Element element in elements)
        {
            if (!HashTable<TLayout>.TryAdd(arena, ref table, hashing, element.Hash, element.Block)) return false;
            added++;
        }
        return true;
    }

    /// <summary>Puts them in the order of the first bits of their hashes: each share's elements are counted, then put in their places.</summary>
    private void Order()
    {
        if (_room.Length < _count) _room = new Element[_elements.Length];
        Span<int> ends = _ends;
        ends.Clear();
        ReadOnlySpan<Element> elements = _elements.AsSpan(0, _count);
        foreach (Element element in elements) ends[ShareOf(element)]++;
        int total = 0;
        foreach (ref int end in ends) end = total += end;
        for (int i = elements.Length - 1; i >= 0; i--) _room[--ends[ShareOf(elements[i])]] = elements[i];
        (_elements, _room) = (_room, _elements);
    }

    private static int ShareOf(Element element) => (int)(element.Hash >> (64 - ShareBits));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Element(ulong Hash, BlockRef Block);
}
