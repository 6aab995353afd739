using System.Buffers.Binary;
using Galley.Store.Memory;
using Galley.Store.Types;
using Xunit;

namespace Galley.Store.Tests.Types;

/// <summary>Hashes that no keyed hash gives: here the first 8 bytes of a key are its hash, and the last 8 tell it from others.</summary>
public sealed class HashTableAdversaryTests : IDisposable
{
    private readonly Arena _arena = new(1L << 30);
    private readonly KeyedHash _hashing = new(1, 2);
    private readonly List<(ulong Hash, byte[] Key, BlockRef Block)> _elements = [];
    private readonly long _usedBytesEmpty;
    private HashTableRoot _root;

    public HashTableAdversaryTests() => _usedBytesEmpty = _arena.UsedBytes;

    public void Dispose() => _arena.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    [InlineData(40)]
    [InlineData(48)]
    [InlineData(52)]
    public void Hashes_that_share_their_first_bits_are_all_kept(int sharedBits)
    {
        var random = new Random(sharedBits);
        ulong mask = sharedBits == 0 ? 0 : ulong.MaxValue << (64 - sharedBits);
        foreach (ulong shared in (ulong[])[0, ulong.MaxValue, 0x0123456789ABCDEF])
        {
            for (int i = 0; i < 3_000; i++) Insert((shared & mask) | ((ulong)random.NextInt64(long.MinValue, long.MaxValue) & ~mask));
        }

        CheckAndEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public void Many_equal_hashes_are_kept_and_scanned_as_one_group(int count)
    {
        for (int i = 0; i < count; i++) Insert(0xFEDCBA9876543210);
        for (int i = 0; i < 2_000; i++) Insert((ulong)i << 48);
        var counter = new Counter();
        ulong cursor = HashTable<Layout>.Scan(_arena, _root, 0xFEDCBA9876000000, 10, ref counter);
        Assert.Equal(0UL, cursor);
        Assert.Equal(count, counter.Count);
        CheckAndEmpty();
    }

    [Fact]
    public void Hashes_at_the_end_of_the_range_do_not_run_over_it()
    {
        for (ulong i = 0; i < 4_000; i++) Insert(ulong.MaxValue - i);
        CheckAndEmpty();
    }

    [Fact]
    public void FindByHash_meets_every_element_with_the_hash()
    {
        for (int i = 0; i < 50; i++) Insert(0x1111222233334444);
        for (int i = 0; i < 5_000; i++) Insert((ulong)i * 0x9E3779B97F4A7C15);
        var counter = new Counter();
        HashTable<Layout>.FindByHash(_arena, _root, 0x1111222233334444, ref counter);
        Assert.Equal(50, counter.Count);
        counter = new Counter();
        HashTable<Layout>.FindByHash(_arena, _root, unchecked(0x9E3779B97F4A7C15 * 77), ref counter);
        Assert.InRange(counter.Count, 1, 3);
        counter = new Counter();
        HashTable<Layout>.FindByHash(_arena, default, 1, ref counter);
        Assert.Equal(0, counter.Count);
    }

    [Fact]
    public void Every_piece_is_announced_before_it_changes()
    {
        for (int i = 0; i < 2_000; i++) Insert((ulong)i * 0x9E3779B97F4A7C15);
        var observer = new Keeper(_arena);
        _arena.Observer = observer;
        HashTableRoot before = _root;
        var walk = new Collector([]);
        HashTable<Layout>.Scan(_arena, before, 0, int.MaxValue, ref walk);
        for (int i = 2_000; i < 6_000; i++) Insert((ulong)i * 0x9E3779B97F4A7C15);
        foreach ((ulong hash, byte[] key, BlockRef block) in _elements[..1_500])
        {
            HashTable<Layout>.Remove(_arena, ref _root, hash, HashTable<Layout>.Find(_arena, _root, hash, key, out _));
            Assert.True(!block.IsNone);
        }

        // With the old bytes put back where they were, the old root must show the old table: no turn has ended.
        _arena.Observer = null;
        observer.PutBack();
        var again = new Collector([]);
        HashTable<Layout>.Scan(_arena, before, 0, int.MaxValue, ref again);
        Assert.Equal(walk.Blocks, again.Blocks);
    }

    private void Insert(ulong hash)
    {
        byte[] key = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(key, hash);
        BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(8), _elements.Count);
        BlockRef block = Layout.Make(_arena, key);
        HashTable<Layout>.Insert(_arena, ref _root, _hashing, hash, block);
        _elements.Add((hash, key, block));
    }

    private void CheckAndEmpty()
    {
        HashTable<Layout>.Verify(_arena, _root, _hashing);
        var random = new Random(1);
        var elements = _elements.ToArray();
        random.Shuffle(elements);
        foreach ((ulong hash, byte[] key, BlockRef block) in elements)
        {
            TablePosition position = HashTable<Layout>.Find(_arena, _root, hash, key, out BlockRef found);
            Assert.Equal(block, found);
            if (_root.Count % 1_000 == 0) HashTable<Layout>.Verify(_arena, _root, _hashing);
            HashTable<Layout>.Remove(_arena, ref _root, hash, position);
            _arena.Free(block);
            _arena.EndTurn();
        }

        HashTable<Layout>.Verify(_arena, _root, _hashing);
        Assert.Equal(0UL, _root.Top);
        _arena.Verify();
        Assert.Equal(_usedBytesEmpty, _arena.UsedBytes);
    }

    private readonly struct Layout : IKeyLayout
    {
        public static ReadOnlySpan<byte> KeyOf(Arena arena, BlockRef block) => arena.Span(block, 16);

        public static ulong HashOf(KeyedHash hashing, ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64LittleEndian(key);

        public static BlockRef Make(Arena arena, byte[] key)
        {
            BlockRef block = arena.Allocate(16);
            key.CopyTo(arena.Span(block, 16));
            return block;
        }
    }

    private struct Counter : IBlockVisitor
    {
        public int Count { get; private set; }

        public void Visit(BlockRef block) => Count++;
    }

    private readonly struct Collector(List<BlockRef> blocks) : IBlockVisitor
    {
        public List<BlockRef> Blocks => blocks;

        public void Visit(BlockRef block) => blocks.Add(block);
    }

    private sealed class Keeper(Arena arena) : IPieceObserver
    {
        private readonly Dictionary<BlockRef, byte[]> _old = [];

        public void BeforeChange(BlockRef piece)
        {
            if (!_old.ContainsKey(piece)) _old[piece] = arena.Span(piece).ToArray();
        }

        public void PutBack()
        {
            foreach ((BlockRef piece, byte[] bytes) in _old) bytes.CopyTo(arena.Span(piece));
        }
    }
}
