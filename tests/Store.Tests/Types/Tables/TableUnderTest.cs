using System.Buffers.Binary;
using Galley.Store.Memory;
using Galley.Store.Types;
using Xunit;
using Table = Galley.Store.Types.HashTable<Galley.Store.Tests.Types.TestLayout>;

namespace Galley.Store.Tests.Types;

/// <summary>A table of integer keys beside a Dictionary that says what must be in it.</summary>
public sealed class TableUnderTest : IDisposable
{
    private readonly KeyedHash _hashing = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);
    private readonly Arena _arena = new(1L << 30);
    private readonly Dictionary<int, int> _model = [];
    private readonly long _usedBytesEmpty;
    private HashTableRoot _root;

    public TableUnderTest() => _usedBytesEmpty = _arena.UsedBytes;

    public int Count => _model.Count;

    public IReadOnlyCollection<int> Keys => _model.Keys;

    public void Add(int key, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        ulong hash = HashOf(key, bytes);
        Table.Insert(_arena, ref _root, _hashing, hash, TestLayout.Make(_arena, bytes, value));
        _model.Add(key, value);
    }

    public void Set(int key, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        ulong hash = HashOf(key, bytes);
        TablePosition position = Table.Find(_arena, _root, hash, bytes, out BlockRef block);
        Assert.Equal(_model.ContainsKey(key), position.IsFound);
        BlockRef made = TestLayout.Make(_arena, bytes, value);
        if (position.IsFound)
        {
            Table.Replace(_arena, position, made);
            _arena.Free(block);
        }
        else
        {
            Table.Insert(_arena, ref _root, _hashing, hash, made);
        }

        _model[key] = value;
        _arena.EndTurn();
    }

    public void Remove(int key)
    {
        Span<byte> bytes = stackalloc byte[4];
        ulong hash = HashOf(key, bytes);
        TablePosition position = Table.Find(_arena, _root, hash, bytes, out BlockRef block);
        Assert.Equal(_model.Remove(key), position.IsFound);
        if (!position.IsFound) return;
        Table.Remove(_arena, ref _root, hash, position);
        _arena.Free(block);
        _arena.EndTurn();
    }

    public void CheckValue(int key)
    {
        Span<byte> bytes = stackalloc byte[4];
        TablePosition position = Table.Find(_arena, _root, HashOf(key, bytes), bytes, out BlockRef block);
        Assert.Equal(_model.TryGetValue(key, out int value), position.IsFound);
        if (position.IsFound) Assert.Equal(value, TestLayout.ValueOf(_arena, block));
    }

    public ulong Scan(ulong cursor, int count, List<int> keys)
    {
        var visitor = new KeyCollector(_arena, keys);
        return Table.Scan(_arena, _root, cursor, count, ref visitor);
    }

    public void CheckAll()
    {
        Assert.Equal(Table.Verify(_arena, _root, _hashing), Table.OwnBytes(_arena, in _root));
        _arena.Verify();
        List<int> keys = [];
        Assert.Equal(0UL, Scan(0, int.MaxValue, keys));
        Assert.Equal(_model.Count, keys.Count);
        Assert.Equal(_model.Keys.Order(), keys.Order());
        foreach (int key in keys) CheckValue(key);
        if (_model.Count == 0) Assert.Equal(_usedBytesEmpty, _arena.UsedBytes);
    }

    public double TableBytesPerElement() => (double)Table.Verify(_arena, _root, _hashing) / _root.Count;

    public int? RandomKey(Random random)
    {
        BlockRef block = Table.Random(_arena, _root, random);
        return block.IsNone ? null : BinaryPrimitives.ReadInt32LittleEndian(TestLayout.KeyOf(_arena, block));
    }

    public int Drop(int budget, out bool isDone)
    {
        var visitor = new Freer(_arena);
        isDone = Table.Drop(_arena, ref _root, budget, ref visitor);
        _arena.EndTurn();
        if (isDone) _model.Clear();
        return visitor.Count;
    }

    public void Dispose() => _arena.Dispose();

    private ulong HashOf(int key, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, key);
        return _hashing.Of(bytes);
    }

    private struct KeyCollector(Arena arena, List<int> keys) : IBlockVisitor
    {
        public readonly void Visit(BlockRef block) => keys.Add(BinaryPrimitives.ReadInt32LittleEndian(TestLayout.KeyOf(arena, block)));
    }

    private struct Freer(Arena arena) : IBlockVisitor
    {
        public int Count { get; private set; }

        public void Visit(BlockRef block)
        {
            Count++;
            arena.Free(block);
        }
    }
}
