using Galley.Store.Memory;

namespace Galley.Store.Tests.Memory;

/// <summary>Sparse spans are emptied: which, by whom, and what becomes of them.</summary>
public sealed class EvacuationTests : IDisposable
{
    private readonly Arena _arena = new(1L << 30);
    private readonly SpanCensus _census = new();
    private readonly Random _random = new(1);

    public void Dispose() => _arena.Dispose();

    [Theory]
    [InlineData(48, 0.5)]
    [InlineData(48, 0.9)]
    [InlineData(1000, 0.5)]
    [InlineData(5000, 0.3)]
    [InlineData(30_000, 0.7)]
    public void Half_empty_spans_become_full_ones_and_free_pages(int size, double share)
    {
        List<BlockRef> blocks = Fill(size, 8 << 20);
        blocks = FreeSome(blocks, share);
        long before = _arena.CommittedBytes;
        CountAndChoose();

        long wanted = (long)((before * (1 - share)) - (4 * 8 * 65536));
        Assert.True(_census.GainBytes >= wanted, $"{_census.GainBytes} of {before} can be gained, at least {wanted}");
        blocks = MoveAll(blocks);

        Assert.Equal(0, _arena.EvacuatedSpans);
        // The span that blocks are taken from stays, be it sparse or not.
        Assert.InRange(before - _arena.CommittedBytes, _census.GainBytes - (8 * 65536), _census.GainBytes);
        Assert.Equal(_arena.EmptiedBytes, before - _arena.CommittedBytes);
        _arena.Verify();
        Assert.All(blocks, block => Assert.Equal((byte)size, _arena.Span(block, size)[^1]));
    }

    [Fact]
    public void No_block_is_taken_from_a_span_that_is_being_emptied()
    {
        FreeSome(Fill(100, 4 << 20), 0.3);
        CountAndChoose();
        int spans = _arena.EvacuatedSpans;
        for (int i = 0; i < 60_000; i++) Assert.False(_arena.IsEvacuated(_arena.Allocate(100)));
        Assert.Equal(spans, _arena.EvacuatedSpans);
        _arena.Verify();
    }

    [Fact]
    public void Spans_that_were_not_emptied_are_used_again()
    {
        List<BlockRef> blocks = FreeSome(Fill(100, 4 << 20), 0.3);
        CountAndChoose();
        FreeSome(blocks, 0.5);
        long committed = _arena.CommittedBytes;
        int page = 1;
        while (!_arena.EndEvacuation(ref page, 7)) { }
        _arena.Verify();

        Assert.Equal(0, _arena.EvacuatedSpans);
        for (int i = 0; i < 20_000; i++) _arena.Allocate(100);
        Assert.Equal(committed, _arena.CommittedBytes);
    }

    [Fact]
    public void Where_nothing_is_sparse_nothing_is_chosen()
    {
        Fill(48, 4 << 20);
        Fill(700, 4 << 20);
        CountAndChoose();
        Assert.Equal(0, _census.GainBytes);
        Assert.Equal(0, _arena.EvacuatedSpans);
    }

    /// <summary>Pages inside large blocks have headers that nobody wrote, or that tell of what was there before.</summary>
    [Fact]
    public void Pages_that_change_hands_between_two_turns_are_never_taken_for_spans()
    {
        var large = new List<BlockRef>();
        List<BlockRef> small = [];
        for (int round = 0; round < 60; round++)
        {
            _census.Clear();
            int page = 1;
            bool isCounted, isChosen = false, isEnded = false;
            do
            {
                isCounted = _arena.CountSpans(_census, ref page, 5);
                Churn(large, ref small);
            }
            while (!isCounted);
            _census.Decide();
            page = 1;
            while (!isChosen)
            {
                isChosen = _arena.EvacuateSparse(_census, ref page, 5);
                Churn(large, ref small);
            }
            small = MoveAll(small);
            page = 1;
            while (!isEnded)
            {
                isEnded = _arena.EndEvacuation(ref page, 5);
                Churn(large, ref small);
            }
            Assert.Equal(0, _arena.EvacuatedSpans);
            _arena.Verify();
        }
    }

    private void Churn(List<BlockRef> large, ref List<BlockRef> small)
    {
        if (_random.Next(3) == 0) large.Add(_arena.AllocateLarge(70_000 + _random.Next(2_000_000)));
        if (large.Count > 10)
        {
            int at = _random.Next(large.Count);
            _arena.Release(large[at]);
            large.RemoveAt(at);
        }
        if (_random.Next(3) == 0) small.AddRange(Fill(40 << _random.Next(11), 200_000));
        if (small.Count > 4000) small = FreeSome(small, 0.4);
        _arena.EndTurn();
    }

    private List<BlockRef> Fill(int size, int bytes)
    {
        var blocks = new List<BlockRef>();
        for (int used = 0; used < bytes; used += size)
        {
            BlockRef block = _arena.Allocate(size);
            _arena.Span(block, size)[^1] = (byte)size;
            blocks.Add(block);
        }
        return blocks;
    }

    private List<BlockRef> FreeSome(List<BlockRef> blocks, double share)
    {
        var left = new List<BlockRef>();
        foreach (BlockRef block in blocks)
        {
            if (_random.NextDouble() < share) left.Add(block);
            else _arena.Free(block);
        }
        _arena.EndTurn();
        return left;
    }

    private void CountAndChoose()
    {
        _census.Clear();
        int page = 1;
        while (!_arena.CountSpans(_census, ref page, 10)) { }
        _census.Decide();
        page = 1;
        while (!_arena.EvacuateSparse(_census, ref page, 10)) { }
    }

    private List<BlockRef> MoveAll(List<BlockRef> blocks)
    {
        var mover = new BlockMover(_arena);
        var moved = new List<BlockRef>();
        foreach (BlockRef block in blocks)
        {
            BlockRef place = block;
            mover.TryMove(ref place);
            moved.Add(place);
        }
        _arena.EndTurn();
        return moved;
    }
}
