using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class HyperLogLogTests
{
    /// <summary>Of every length of the last word; worked out with another implementation of MurmurHash64A.</summary>
    [Theory]
    [InlineData("", 0xD8DFEA6585BC9732UL)]
    [InlineData("a", 0x53D2470A9B43B1A7UL)]
    [InlineData("abc", 0x77EC90AEB374E502UL)]
    [InlineData("abcdefg", 0x22FE613BB08C9602UL)]
    [InlineData("abcdefgh", 0xF3A65DF559914567UL)]
    [InlineData("abcdefghi", 0x834FBA4D9152DAF7UL)]
    [InlineData("the quick brown fox jumps over", 0x574E15B7945CEEBBUL)]
    public void The_hash_is_that_of_redis(string text, ulong hash) =>
        Assert.Equal(hash, HyperLogLogElement.Hash(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(0UL, 0, 51)]
    [InlineData(5UL, 5, 51)]
    [InlineData(1UL << 14, 0, 1)]
    [InlineData(1UL << 20, 0, 7)]
    [InlineData(1UL << 63, 0, 50)]
    [InlineData(ulong.MaxValue, 16383, 1)]
    public void A_rank_is_the_place_of_the_first_bit_beyond_the_register(ulong hash, int register, int rank) =>
        Assert.Equal(new HyperLogLogElement(register, rank), HyperLogLogElement.OfHash(hash));

    [Fact]
    public void The_estimate_of_extremes_is_that_of_redis()
    {
        var empty = new RankHistogram();
        empty.Add(0, HyperLogLog.Registers);
        Assert.Equal(0UL, empty.EstimateCount());

        var one = new RankHistogram();
        one.Add(0, HyperLogLog.Registers - 1);
        one.Add(1, 1);
        Assert.Equal(1UL, one.EstimateCount());

        var beyond = new RankHistogram();
        beyond.Add(63, HyperLogLog.Registers);
        Assert.Equal(1UL << 63, beyond.EstimateCount());
    }

    [Fact]
    public void Ranks_are_counted_as_one_by_one()
    {
        var random = new Random(11);
        byte[] ranks = new byte[HyperLogLog.Registers];
        for (int i = 0; i < ranks.Length; i++) ranks[i] = (byte)(random.Next(3) == 0 ? random.Next(20) : 0);
        var expected = new RankHistogram();
        foreach (byte rank in ranks) expected.Add(rank, 1);
        var actual = new RankHistogram();
        actual.Add(ranks);
        Assert.Equal(expected.EstimateCount(), actual.EstimateCount());
        Assert.NotEqual(0UL, actual.EstimateCount());
    }

    [Fact]
    public void The_self_test_finds_nothing() => Assert.Equal("", HyperLogLogSelfTest.Run());

    [Fact]
    public void A_value_that_is_none_is_told_by_its_header_and_its_length()
    {
        byte[] dense = new byte[HyperLogLog.DenseBytes];
        HyperLogLog.WriteEmptyHeader(dense.AsSpan(0, HyperLogLog.HeaderBytes));
        Assert.True(HyperLogLog.IsValid(dense));
        HyperLogLog.MarkDense(dense);
        Assert.True(HyperLogLog.IsValid(dense));
        Assert.False(HyperLogLog.IsValid(dense.AsSpan(0, dense.Length - 1)));
        Assert.False(HyperLogLog.IsValid([.. dense, 0]));
        Assert.False(HyperLogLog.IsValid(dense.AsSpan(1)));
        Assert.False(HyperLogLog.IsValid(default));
        dense[4] = 2;
        Assert.False(HyperLogLog.IsValid(dense));
    }

    /// <summary>What was a draft sparse and what was dense from the start say the same, and so does their merge.</summary>
    [Fact]
    public void A_draft_that_becomes_dense_loses_nothing()
    {
        using var growing = new HyperLogLogDraft(default, sparseBytesMax: 3000);
        using var dense = new HyperLogLogDraft(default, sparseBytesMax: 0);
        byte[] ranks = new byte[HyperLogLog.Registers];
        for (int i = 0; i < 5000; i++)
        {
            var element = HyperLogLogElement.Of(Encoding.ASCII.GetBytes($"e{i}"));
            ranks[element.Register] = Math.Max(ranks[element.Register], (byte)element.Rank);
            Assert.True(growing.TryAdd(element, out bool isRaised));
            Assert.True(dense.TryAdd(element, out bool isRaisedToo));
            Assert.Equal(isRaised, isRaisedToo);
        }
        Assert.True(growing.IsDense);
        Assert.True(growing.Value.SequenceEqual(dense.Value));
        using var merged = new HyperLogLogDraft(default, sparseBytesMax: 3000);
        Assert.True(merged.TryAddAll(ranks));
        Assert.True(merged.Value.SequenceEqual(dense.Value));
    }
}
