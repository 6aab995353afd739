using System.Runtime.CompilerServices;
using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// Elements on their way into a large table that comes from outside, some dozens at a time. A place in such a table is
/// two words that no cache holds, its segment's head and the slot; asked for one after another each waits for the one
/// before, asked for together they are fetched together. See <c>HashTable.Touch</c>.
/// </summary>
internal sealed class TableBatch<TLayout>(Arena arena, KeyedHash hashing) where TLayout : struct, IKeyLayout
{
    private const int Capacity = 64;

    private readonly ulong[] _hashes = new ulong[Capacity];
    private readonly BlockRef[] _blocks = new BlockRef[Capacity];
    private int _count;

    /// <summary>The elements that are in no table yet.</summary>
    public ReadOnlySpan<BlockRef> Waiting => _blocks.AsSpan(0, _count);

    /// <summary>Adds an element, now or with those that follow; false where the key of one is there already.</summary>
    public bool TryAdd(ref HashTableRoot table, ReadOnlySpan<byte> key, BlockRef block)
    {
        _hashes[_count] = hashing.Of(key);
        _blocks[_count++] = block;
        return _count < Capacity || TryFlush(ref table);
    }

    /// <summary>Adds those that wait; false where the key of one is there already: it and those behind it go on waiting.</summary>
    public bool TryFlush(ref HashTableRoot table)
    {
        for (int i = 0; i < _count; i++) HashTable<TLayout>.Touch(arena, in table, _hashes[i]);
        int added = 0;
        while (added < _count && HashTable<TLayout>.TryAdd(arena, ref table, hashing, _hashes[added], _blocks[added])) added++;
        bool isWhole = added == _count;
        _hashes.AsSpan(added, _count - added).CopyTo(_hashes);
        _blocks.AsSpan(added, _count - added).CopyTo(_blocks);
        _count -= added;
        return isWhole;
    }
}
