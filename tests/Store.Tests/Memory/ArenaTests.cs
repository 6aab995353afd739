using Galley.Store.Memory;
using Xunit;

namespace Galley.Store.Tests.Memory;

public sealed class ArenaTests : IDisposable
{
    private readonly Arena _arena = new(1L << 30);

    public void Dispose() => _arena.Dispose();

    [Fact]
    public void A_block_is_at_most_7_bytes_or_an_eighth_longer_than_asked_for()
    {
        int previous = 0;
        for (int size = 1; size <= Arena.BlockBytesMax; size++)
        {
            int rounded = Arena.RoundUp(size);
            Assert.InRange(rounded, Math.Max(size, previous), Math.Max(size + 7, size + (size / 8)));
            Assert.Equal(0, rounded % 8);
            Assert.Equal(rounded, Arena.RoundUp(rounded));
            previous = rounded;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(Arena.BlockBytesMax + 1)]
    [InlineData(int.MinValue)]
    public void A_size_that_no_class_has_is_refused(int size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _arena.Allocate(size));
        Assert.Throws<ArgumentOutOfRangeException>(() => Arena.RoundUp(size));
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(2, 1_000)]
    [InlineData(3, Arena.BlockBytesMax)]
    public void Blocks_keep_their_bytes_whatever_is_allocated_and_freed_around_them(int seed, int sizeMax)
    {
        var random = new Random(seed);
        var blocks = new List<(BlockRef Block, int Size, byte Fill)>();
        long usedBytesEmpty = _arena.UsedBytes;
        long usedBytes = usedBytesEmpty;
        for (int step = 0; step < 200_000; step++)
        {
            bool isGrowing = step / 10_000 % 2 == 0;
            if (blocks.Count == 0 || random.Next(100) < (isGrowing ? 70 : 30))
            {
                int size = 1 + (int)(sizeMax * Math.Pow(random.NextDouble(), 4));
                BlockRef block = _arena.Allocate(size);
                _arena.Span(block, size).Fill((byte)step);
                blocks.Add((block, size, (byte)step));
                usedBytes += Arena.RoundUp(size);
            }
            else
            {
                int index = random.Next(blocks.Count);
                (BlockRef block, int size, byte fill) = blocks[index];
                Assert.False(_arena.Span(block, size).ContainsAnyExcept(fill));
                _arena.Free(block);
                Assert.False(_arena.Span(block, size).ContainsAnyExcept(fill));
                usedBytes -= Arena.RoundUp(size);
                blocks[index] = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
            }

            Assert.Equal(usedBytes, _arena.UsedBytes);
            if (random.Next(20) == 0) _arena.EndTurn();
            if (step % 20_000 == 0) VerifyBetweenTurns();
        }

        foreach ((BlockRef block, int size, byte fill) in blocks)
        {
            Assert.False(_arena.Span(block, size).ContainsAnyExcept(fill));
            _arena.Free(block);
        }

        VerifyBetweenTurns();
        Assert.Equal(usedBytesEmpty, _arena.UsedBytes);
    }

    [Fact]
    public void A_freed_block_is_used_again_only_after_the_turn()
    {
        BlockRef freed = _arena.Allocate(40);
        _arena.Free(freed);
        var given = new HashSet<BlockRef>();
        for (int i = 0; i < 5_000; i++) Assert.True(given.Add(_arena.Allocate(40)));
        Assert.DoesNotContain(freed, given);
        _arena.EndTurn();
        for (int i = 0; i < 5_000 && !given.Contains(freed); i++) given.Add(_arena.Allocate(40));
        Assert.Contains(freed, given);
    }

    [Fact]
    public void SizeOf_and_Span_show_the_whole_block_of_every_class()
    {
        for (int size = 1; size <= Arena.BlockBytesMax; size += 1 + (size / 16))
        {
            BlockRef block = _arena.Allocate(size);
            Assert.False(block.IsNone);
            Assert.Equal(Arena.RoundUp(size), _arena.SizeOf(block));
            Assert.Equal(Arena.RoundUp(size), _arena.Span(block).Length);
        }

        VerifyBetweenTurns();
    }

    [Fact]
    public void Pages_that_are_empty_are_given_back_and_used_for_other_sizes()
    {
        var blocks = new BlockRef[200_000];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = _arena.Allocate(64);
        long committedFull = _arena.CommittedBytes;
        foreach (BlockRef block in blocks) _arena.Free(block);
        VerifyBetweenTurns();
        Assert.InRange(_arena.CommittedBytes, 0, committedFull / 20);
        for (int i = 0; i < blocks.Length / 2; i++) blocks[i] = _arena.Allocate(128);
        Assert.InRange(_arena.CommittedBytes, committedFull / 2, committedFull + (1 << 20));
    }

    [Fact]
    public void Sparse_spans_become_empty_because_fuller_ones_are_preferred()
    {
        var random = new Random(1);
        var blocks = new List<BlockRef>();
        for (int i = 0; i < 100_000; i++) blocks.Add(_arena.Allocate(64));
        for (int i = 0; i < 60_000; i++) FreeOne();
        _arena.EndTurn();

        // As many come as go: without the preference all pages would stay as they are, 40 % full.
        for (int i = 0; i < 400_000; i++)
        {
            FreeOne();
            _arena.EndTurn();
            blocks.Add(_arena.Allocate(64));
        }

        VerifyBetweenTurns();
        Assert.InRange((double)_arena.UsedBytes / _arena.CommittedBytes, 0.6, 1);

        void FreeOne()
        {
            int index = random.Next(blocks.Count);
            _arena.Free(blocks[index]);
            blocks[index] = blocks[^1];
            blocks.RemoveAt(blocks.Count - 1);
        }
    }

    [Fact]
    public void Allocating_and_freeing_makes_no_garbage()
    {
        Churn();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Churn();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Churn()
        {
            Span<BlockRef> blocks = stackalloc BlockRef[200];
            for (int turn = 0; turn < 100; turn++)
            {
                for (int i = 0; i < blocks.Length; i++) blocks[i] = _arena.Allocate(8 + (i * 40));
                foreach (BlockRef block in blocks) _arena.Free(block);
                _arena.EndTurn();
            }
        }
    }

    [Fact]
    public void More_than_a_quarantine_page_of_blocks_can_be_freed_in_a_turn()
    {
        var blocks = new BlockRef[50_000];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = _arena.Allocate(8);
        foreach (BlockRef block in blocks) _arena.Free(block);
        Assert.Equal(0, _arena.UsedBytes);
        VerifyBetweenTurns();
    }

    [Fact]
    public void The_observer_hears_of_a_piece_and_its_absence_costs_nothing()
    {
        BlockRef piece = _arena.Allocate(8);
        _arena.BeforeChange(piece);
        var observer = new Listener();
        _arena.Observer = observer;
        _arena.BeforeChange(piece);
        Assert.Equal(piece, Assert.Single(observer.Pieces));
    }

    [Fact]
    public void A_range_that_is_used_up_says_so()
    {
        using var small = new Arena(1 << 20);
        Assert.Throws<InsufficientMemoryException>(() =>
        {
            for (int i = 0; i < 100; i++) small.Allocate(Arena.BlockBytesMax);
        });
        small.Verify();
    }

    [Fact]
    public void The_keeper_populates_ahead_and_takes_back_while_blocks_come_and_go()
    {
        using var arena = new Arena(1L << 32, aheadBytes: 1 << 20, useHugePages: true);
        var blocks = new List<BlockRef>();
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < 500; i++)
            {
                BlockRef block = arena.Allocate(Arena.BlockBytesMax);
                arena.Span(block).Fill((byte)i);
                blocks.Add(block);
            }

            for (int i = 0; i < blocks.Count; i++) Assert.False(arena.Span(blocks[i]).ContainsAnyExcept((byte)i));
            foreach (BlockRef block in blocks) arena.Free(block);
            blocks.Clear();
            arena.EndTurn();
        }

        arena.Verify();
    }

    private void VerifyBetweenTurns()
    {
        _arena.EndTurn();
        _arena.Verify();
    }

    private sealed class Listener : IPieceObserver
    {
        public List<BlockRef> Pieces { get; } = [];

        public void BeforeChange(BlockRef piece) => Pieces.Add(piece);
    }
}
