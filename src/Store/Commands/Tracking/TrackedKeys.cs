using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Compaction;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>
/// Which clients have read which keys, and are to be told once when they change: a table in the arena beside the keyspace,
/// by the name of the key alone, whatever its database. A client that has gone stays in it until the key changes, and is
/// told nothing.
/// </summary>
internal sealed class TrackedKeys(Databases databases) : IBlockOwner
{
    /// <summary>A table of no more keys is freed at once.</summary>
    private const int AtOnceMax = 256;

    private readonly Databases _databases = databases;

    /// <summary>Tables that were emptied, to be freed in turns.</summary>
    private readonly Queue<HashTableRoot> _emptied = new();

    private HashTableRoot _table;

    public long KeyCount => _table.Count;

    /// <summary>Pairs of a key and a client.</summary>
    public long ItemCount { get; private set; }

    private Arena Arena => _databases.Arena;

    public void Add(ReadOnlySpan<byte> key, long clientId)
    {
        ulong hash = _databases.Hashing.Of(key);
        TablePosition position = HashTable<TrackedKeyLayout>.Find(Arena, in _table, hash, key, out BlockRef block);
        if (!position.IsFound)
        {
            HashTable<TrackedKeyLayout>.Insert(
                Arena, ref _table, _databases.Hashing, hash, TrackedKeyLayout.Make(Arena, key, clientId));
            ItemCount++;
            return;
        }
        BlockRef found = block;
        if (!TrackedKeyLayout.TryAdd(Arena, ref block, clientId)) return;
        ItemCount++;
        if (block != found) HashTable<TrackedKeyLayout>.Replace(Arena, position, block);
    }

    /// <summary>Takes a key out of the table; false if it is not there.</summary>
    /// <param name="clientIds">Who has read it, until the turn ends.</param>
    public bool TryTake(ReadOnlySpan<byte> key, out ReadOnlySpan<long> clientIds)
    {
        clientIds = default;
        if (_table.Count == 0) return false;
        ulong hash = _databases.Hashing.Of(key);
        TablePosition position = HashTable<TrackedKeyLayout>.Find(Arena, in _table, hash, key, out BlockRef block);
        if (!position.IsFound) return false;
        clientIds = Take(hash, position, block);
        return true;
    }

    /// <summary>Takes a key at random out of the table, which is not empty. Both spans are there until the turn ends.</summary>
    public ReadOnlySpan<byte> TakeRandom(out ReadOnlySpan<long> clientIds)
    {
        TablePosition position = HashTable<TrackedKeyLayout>.Draw(Arena, in _table, Random.Shared, out ulong hash, out BlockRef block);
        // The table is so sparse that no draw has met a key.
        if (!position.IsFound) block = HashTable<TrackedKeyLayout>.Random(Arena, in _table, Random.Shared);
        ReadOnlySpan<byte> key = TrackedKeyLayout.KeyOf(Arena, block);
        if (!position.IsFound)
        {
            hash = _databases.Hashing.Of(key);
            position = HashTable<TrackedKeyLayout>.Find(Arena, in _table, hash, key, out block);
        }
        clientIds = Take(hash, position, block);
        return key;
    }

    /// <summary>Forgets all keys; a large table is freed by <see cref="Dig"/>.</summary>
    public void Clear()
    {
        _emptied.Enqueue(_table);
        _table = default;
        ItemCount = 0;
        Dig(AtOnceMax);
    }

    /// <summary>Frees about so many keys that were forgotten; true when none is left.</summary>
    public bool Dig(int keys)
    {
        var freeing = new Freeing(Arena);
        while (keys > 0 && _emptied.TryDequeue(out HashTableRoot table))
        {
            long before = table.Count;
            bool isGone = HashTable<TrackedKeyLayout>.Drop(Arena, ref table, keys, ref freeing);
            keys -= (int)Math.Min(keys, Math.Max(1, before - table.Count));
            if (!isGone) _emptied.Enqueue(table);
        }
        return _emptied.Count == 0;
    }

    /// <summary>Moves the table in use; one that is being freed stays where it is.</summary>
    public ulong Move(BlockMover mover, ulong cursor)
    {
        var keys = new Keys();
        return HashTable<TrackedKeyLayout>.Move(mover, ref _table, cursor, ref keys);
    }

    /// <summary>Bytes of the table in use, counted anew.</summary>
    public long CountBytes()
    {
        var weighing = new Weighing(Arena);
        ulong cursor = 0;
        do cursor = HashTable<TrackedKeyLayout>.Scan(Arena, in _table, cursor, int.MaxValue, ref weighing);
        while (cursor != 0);
        return weighing.Bytes + HashTable<TrackedKeyLayout>.OwnBytes(Arena, in _table);
    }

    private ReadOnlySpan<long> Take(ulong hash, TablePosition position, BlockRef block)
    {
        ReadOnlySpan<long> clientIds = TrackedKeyLayout.NumbersOf(Arena, block);
        ItemCount -= clientIds.Length;
        HashTable<TrackedKeyLayout>.Remove(Arena, ref _table, hash, position);
        TrackedKeyLayout.Free(Arena, block);
        return clientIds;
    }

    private readonly struct Keys : IElementMover
    {
        public bool Move(BlockMover mover, ref BlockRef block)
        {
            bool isMoved = mover.TryMove(ref block);
            if (mover.WantsTexts) TrackedKeyLayout.MoveTexts(mover, block);
            return isMoved;
        }
    }

    private struct Weighing(Arena arena) : IBlockVisitor
    {
        public long Bytes;

        public void Visit(BlockRef block) => Bytes += TrackedKeyLayout.MemoryBytes(arena, block);
    }

    private readonly struct Freeing(Arena arena) : IBlockVisitor
    {
        public void Visit(BlockRef block) => TrackedKeyLayout.Free(arena, block);
    }
}
