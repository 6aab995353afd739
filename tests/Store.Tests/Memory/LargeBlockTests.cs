using System.Buffers;
using Galley.Store.Memory;
using Xunit;

namespace Galley.Store.Tests.Memory;

public sealed class LargeBlockTests : IDisposable
{
    private readonly Arena _arena = new(4L << 30);

    public void Dispose() => _arena.Dispose();

    [Fact]
    public void Counts_in_pages_of_4_KiB_and_comes_back_when_released()
    {
        BlockRef block = _arena.AllocateLarge(100_000);
        Assert.Equal(102_400, _arena.UsedBytes);
        Assert.Equal(102_400, _arena.SizeOf(block));
        Assert.Equal(102_400, _arena.Span(block).Length);
        _arena.Release(block);
        Assert.Equal(0, _arena.UsedBytes);
        EndTurnAndVerify();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Arena.LargeBytesMin - 1)]
    [InlineData(1L << 31)]
    public void A_size_that_is_not_large_is_refused(long size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _arena.AllocateLarge(size));

    [Theory]
    [InlineData(33_000, 1)]
    [InlineData(70_000, 2)]
    [InlineData(1_000_000, 16)]
    public void What_follows_in_its_last_page_has_no_memory(int size, int pages)
    {
        // Pages that were full of something, and are used again.
        BlockRef before = _arena.AllocateLarge(2_000_000);
        _arena.Span(before).Fill(7);
        _arena.Release(before);
        EndTurnAndVerify();
        long committed = _arena.CommittedBytes;
        BlockRef block = _arena.AllocateLarge(size);
        int used = _arena.SizeOf(block);
        Assert.Equal(used, _arena.CommittedBytes - committed);
        Assert.Equal((byte)7, _arena.Span(block)[^1]);
        BlockRef grown = _arena.ResizeLarge(block, pages << 16);
        Assert.Equal(block, grown);
        Assert.False(_arena.Span(grown)[used..].ContainsAnyExcept((byte)0), "The pages behind the block still have what they had.");
        Assert.Equal(pages << 16, _arena.CommittedBytes - committed);
        EndTurnAndVerify();
        _arena.Release(grown);
        EndTurnAndVerify();
        Assert.Equal(committed, _arena.CommittedBytes);
    }

    [Fact]
    public void Stays_until_the_last_holder_lets_go()
    {
        BlockRef block = _arena.AllocateLarge(200_000);
        _arena.Span(block).Fill(7);
        _arena.Share(block);
        IMemoryOwner<byte> lent = _arena.Lend(block, 100, 1_000);
        Assert.Equal(3, _arena.ShareCount(block));
        _arena.Release(block);
        _arena.Release(block);
        EndTurnAndVerify();
        Assert.Equal(1, _arena.ShareCount(block));
        Assert.Equal(1_000, lent.Memory.Length);
        Assert.False(lent.Memory.Span.ContainsAnyExcept((byte)7));
        lent.Dispose();
        lent.Dispose();
        EndTurnAndVerify();
        Assert.Equal(0, _arena.UsedBytes);
    }

    [Fact]
    public void Lends_only_what_it_has()
    {
        BlockRef block = _arena.AllocateLarge(100_000);
        Assert.Throws<ArgumentOutOfRangeException>(() => _arena.Lend(block, -1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => _arena.Lend(block, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _arena.Lend(block, 102_400, 1));
        Assert.Equal(1, _arena.ShareCount(block));
    }

    [Fact]
    public void Lent_memory_can_be_pinned_for_the_system()
    {
        BlockRef block = _arena.AllocateLarge(100_000);
        using IMemoryOwner<byte> lent = _arena.Lend(block, 0, 100_000);
        _arena.Span(block)[5] = 9;
        using MemoryHandle handle = lent.Memory.Pin();
        Assert.Equal(9, lent.Memory.Span[5]);
    }

    [Theory]
    [InlineData(100_000, 3_000_000, false)]
    [InlineData(100_000, 3_000_000, true)]
    [InlineData(5_000_000, 9_000_000, false)]
    [InlineData(5_000_000, 9_000_000, true)]
    [InlineData(5_000_000, 70_000, true)]
    [InlineData(5_000_000, 5_000_100, true)]
    public void Keeps_its_bytes_when_resized(int size, int newSize, bool hasNeighbour)
    {
        BlockRef block = _arena.AllocateLarge(size);
        BlockRef neighbour = hasNeighbour ? _arena.AllocateLarge(70_000) : default;
        byte[] expected = Write(block, Math.Min(size, newSize));
        block = _arena.ResizeLarge(block, newSize);
        Assert.Equal(expected, _arena.Span(block, expected.Length));
        Assert.InRange(_arena.SizeOf(block), newSize, newSize + 4096);
        _arena.Span(block).Fill(1);
        EndTurnAndVerify();
        _arena.Release(block);
        if (hasNeighbour) _arena.Release(neighbour);
        EndTurnAndVerify();
        Assert.Equal(0, _arena.UsedBytes);
    }

    [Fact]
    public void Grows_again_and_again_among_others_and_their_pages_are_used_again()
    {
        var random = new Random(1);
        var blocks = new List<(BlockRef Block, byte[] Bytes)>();
        for (int step = 0; step < 400; step++)
        {
            int size = random.Next(3) == 0 ? random.Next(33_000, 200_000) : random.Next(66_000, 6_000_000);
            switch (random.Next(blocks.Count < 20 ? 2 : 3))
            {
                case 0 when blocks.Count < 40:
                    BlockRef made = _arena.AllocateLarge(size);
                    blocks.Add((made, Write(made, 33_000)));
                    break;
                case 1 when blocks.Count > 0:
                    int index = random.Next(blocks.Count);
                    blocks[index] = (_arena.ResizeLarge(blocks[index].Block, size), blocks[index].Bytes);
                    break;
                case 2:
                    _arena.Release(blocks[^1].Block);
                    blocks.RemoveAt(blocks.Count - 1);
                    break;
            }

            foreach ((BlockRef block, byte[] bytes) in blocks) Assert.Equal(bytes, _arena.Span(block, bytes.Length));
            EndTurnAndVerify();
        }

        foreach ((BlockRef block, _) in blocks) _arena.Release(block);
        EndTurnAndVerify();
        Assert.Equal(0, _arena.UsedBytes);
    }

    [Fact]
    public async Task Can_be_released_on_any_thread_while_blocks_come_and_go()
    {
        const int holders = 2_000;
        BlockRef block = _arena.AllocateLarge(1_000_000);
        _arena.Span(block).Fill(3);
        var lent = new IMemoryOwner<byte>[holders];
        for (int i = 0; i < holders; i++) lent[i] = _arena.Lend(block, i, 100);
        _arena.Release(block);
        Task releasing = Task.Run(() => Parallel.ForEach(lent, memory =>
        {
            Assert.False(memory.Memory.Span.ContainsAnyExcept((byte)3));
            memory.Dispose();
        }), TestContext.Current.CancellationToken);
        while (!releasing.IsCompleted)
        {
            BlockRef other = _arena.AllocateLarge(1_000_000);
            _arena.Span(other).Fill(4);
            _arena.Release(other);
            _arena.EndTurn();
        }

        await releasing;
        EndTurnAndVerify();
        Assert.Equal(0, _arena.UsedBytes);
    }

    [Fact]
    public void A_block_of_512_MB_moves_by_its_pages()
    {
        const int size = 512 << 20;
        BlockRef block = _arena.AllocateLarge(size);
        _arena.AllocateLarge(70_000);
        _arena.Span(block)[0] = 1;
        _arena.Span(block)[size - 1] = 2;
        BlockRef moved = _arena.ResizeLarge(block, size + (64 << 20));
        Assert.NotEqual(block, moved);
        Assert.Equal(1, _arena.Span(moved)[0]);
        Assert.Equal(2, _arena.Span(moved)[size - 1]);

        // A stale span reads zeros; it must not fault.
        EndTurnAndVerify();
        _arena.Release(moved);
        EndTurnAndVerify();
    }

    [Fact]
    public void What_is_no_large_block_is_refused()
    {
        BlockRef block = _arena.Allocate(100);
        Assert.Throws<InvalidOperationException>(() => _arena.Share(block));
        Assert.Throws<InvalidOperationException>(() => _arena.Release(default));
        Assert.Throws<InvalidOperationException>(() => _arena.Free(default));
    }

    private byte[] Write(BlockRef block, int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        bytes.CopyTo(_arena.Span(block, length));
        return bytes;
    }

    private void EndTurnAndVerify()
    {
        _arena.EndTurn();
        _arena.Verify();
    }
}
