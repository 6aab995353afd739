using Galley.Store.Keyspace.Eviction;

namespace Galley.Store.Tests.Keyspace.Eviction;

public sealed class EvictionPoolTests
{
    [Fact]
    public void The_best_that_were_offered_come_out_in_their_order()
    {
        var pool = new EvictionPool();
        ulong[] scores = [.. Enumerable.Range(1, 200).Select(i => (ulong)i)];
        new Random(1).Shuffle(scores);
        foreach (ulong score in scores) pool.Offer(new Candidate(score, 0, 0, score));
        Assert.Equal(EvictionPool.CandidatesMax, pool.Count);
        Assert.False(pool.Wants(184));
        for (ulong expected = 200; expected > 184; expected--)
        {
            Assert.Equal(expected, pool.BestScore);
            Assert.True(pool.TryTake(out Candidate best));
            Assert.Equal(expected, best.Score);
        }
        Assert.False(pool.TryTake(out _));
    }

    [Fact]
    public void A_key_is_in_it_once()
    {
        var pool = new EvictionPool();
        pool.Offer(new Candidate(5, 0, 0, Hash: 1));
        pool.Offer(new Candidate(7, 0, 0, Hash: 2));
        pool.Offer(new Candidate(9, 0, 0, Hash: 1));
        pool.Offer(new Candidate(1, 0, 1, Hash: 1));
        Assert.Equal(3, pool.Count);
        Assert.Equal(9UL, pool.BestScore);
        pool.Offer(new Candidate(3, 0, 0, Hash: 1));
        Assert.Equal(3, pool.Count);
        Assert.Equal(7UL, pool.BestScore);
    }
}
