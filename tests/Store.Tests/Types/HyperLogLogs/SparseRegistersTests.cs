using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class SparseRegistersTests
{
    /// <summary>Whatever is raised in whatever order, the runs say what an array of ranks says.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 32)]
    [InlineData(3, 1)]
    public void Runs_say_what_an_array_of_ranks_says(int seed, int rankMax)
    {
        var random = new Random(seed);
        byte[] ranks = new byte[HyperLogLog.Registers], read = new byte[HyperLogLog.Registers];
        SparseRegisters sparse = Empty(bytesMax: long.MaxValue);
        int span = 2 + random.Next(HyperLogLog.Registers);
        for (int i = 0; i < 20_000; i++)
        {
            // Now in their order, as in a merge, and now at random.
            int register = i / 500 % 2 == 0 ? i * 7 % span : random.Next(span);
            int rank = random.Next(1, rankMax + 1);
            SparseOutcome outcome = sparse.Raise(new HyperLogLogElement(register, rank));
            Assert.Equal(rank > ranks[register] ? SparseOutcome.Raised : SparseOutcome.Unchanged, outcome);
            ranks[register] = Math.Max(ranks[register], (byte)rank);
            if (i % 1000 != 0) continue;
            Array.Clear(read);
            Assert.True(SparseRegisters.TryMergeInto(read, _room.AsSpan(0, sparse.Length)));
            Assert.Equal(ranks, read);
        }
    }

    /// <summary>The runs of registers that come in their order are those that a search from the first would have made.</summary>
    [Fact]
    public void A_search_that_goes_on_finds_what_one_from_the_start_finds()
    {
        var random = new Random(9);
        HyperLogLogElement[] before = [.. Enumerable.Range(0, 800).Select(_ => new HyperLogLogElement(random.Next(3000), random.Next(1, 4)))];
        HyperLogLogElement[] merged = [.. Enumerable.Range(0, 2500).Select(i => new HyperLogLogElement(i, random.Next(1, 4)))];
        SparseRegisters inOneGo = Empty(long.MaxValue);
        foreach (HyperLogLogElement element in before.Concat(merged)) inOneGo.Raise(element);
        byte[] expected = _room[..inOneGo.Length];

        SparseRegisters sparse = Empty(long.MaxValue);
        foreach (HyperLogLogElement element in before) sparse.Raise(element);
        int length = sparse.Length;
        foreach (HyperLogLogElement element in merged)
        {
            var fresh = new SparseRegisters(_room, length, long.MaxValue); // It has found nothing yet.
            fresh.Raise(element);
            length = fresh.Length;
        }
        Assert.Equal(expected, _room[..length]);
    }

    [Fact]
    public void What_would_be_too_long_or_too_high_must_be_dense()
    {
        SparseRegisters sparse = Empty(bytesMax: 8);
        Assert.Equal(SparseOutcome.MustBeDense, sparse.Raise(new HyperLogLogElement(5, 33)));
        Assert.Equal(SparseOutcome.Raised, sparse.Raise(new HyperLogLogElement(5, 32)));
        Assert.Equal(SparseOutcome.Raised, sparse.Raise(new HyperLogLogElement(100, 1)));
        Assert.Equal(SparseOutcome.MustBeDense, sparse.Raise(new HyperLogLogElement(5000, 1)));
        Assert.Equal(SparseOutcome.Raised, sparse.Raise(new HyperLogLogElement(100, 2)));
        Assert.Equal(SparseOutcome.Raised, sparse.Raise(new HyperLogLogElement(101, 2)));
    }

    /// <summary>A client may write what it likes: nothing is read or written beyond the runs, and no sum that is wrong passes.</summary>
    [Fact]
    public void Runs_of_any_bytes_are_read_within_their_bounds()
    {
        var random = new Random(10);
        for (int round = 0; round < 3000; round++)
        {
            int length = random.Next(40);
            byte[] room = new byte[length + 200];
            random.NextBytes(room.AsSpan(0, length));
            if (random.Next(2) == 0) for (int i = 0; i + 1 < length; i += 2) room[i] = 0x7F;
            long registers = RegistersOf(room.AsSpan(0, length));
            var histogram = new RankHistogram();
            byte[] ranks = new byte[HyperLogLog.Registers];
            Assert.Equal(registers == HyperLogLog.Registers, SparseRegisters.TryAddTo(ref histogram, room.AsSpan(0, length)));
            Assert.Equal(registers == HyperLogLog.Registers, SparseRegisters.TryMergeInto(ranks, room.AsSpan(0, length)));

            var sparse = new SparseRegisters(room, length, room.Length);
            for (int i = 0; i < 60; i++)
            {
                var element = new HyperLogLogElement(random.Next(HyperLogLog.Registers), random.Next(1, 52));
                if (sparse.Raise(element) == SparseOutcome.Corrupt) Assert.True(element.Register >= RegistersOf(room.AsSpan(0, sparse.Length)) || registers < 0);
                Assert.InRange(sparse.Length, 0, room.Length);
            }
        }
    }

    private byte[] _room = [];

    private SparseRegisters Empty(long bytesMax)
    {
        _room = new byte[SparseRegisters.BytesMax];
        return new SparseRegisters(_room, SparseRun.Empty(HyperLogLog.Registers).WriteTo(_room), bytesMax);
    }

    /// <summary>So many registers the runs speak of; less than none if the last one is cut off.</summary>
    private static long RegistersOf(ReadOnlySpan<byte> runs)
    {
        long registers = 0;
        int at = 0;
        while (at < runs.Length)
        {
            var run = SparseRun.Read(runs, at);
            registers += run.Registers;
            at += run.Bytes;
        }
        return at > runs.Length ? -registers : registers;
    }
}
