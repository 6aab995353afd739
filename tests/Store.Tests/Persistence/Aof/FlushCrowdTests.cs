using Galley.Store.Persistence.Aof;

namespace Galley.Store.Tests.Persistence.Aof;

public sealed class FlushCrowdTests
{
    private readonly FlushCrowd _crowd = new();

    [Fact]
    public void Whoever_was_released_and_whoever_waits_are_expected()
    {
        _crowd.Flushed(from: 1000, durable: 2000, accepted: 2000);
        Assert.True(_crowd.IsWorthWaiting(2100));
        Assert.False(_crowd.IsWorthWaiting(2900));
        _crowd.Flushed(from: 1000, durable: 2000, accepted: 3000);
        Assert.Equal(3800, _crowd.ExpectedEnd);
        Assert.True(_crowd.IsWorthWaiting(3000));
    }

    [Fact]
    public void Two_crowds_become_one()
    {
        // Each writes 100 bytes at a time, and waits for its own flush.
        const int Half = 25 * 100;
        long durable = 0, accepted = Half;
        int shared = 0;
        for (int flush = 0; flush < 20; flush++)
        {
            long from = durable;
            long flushed = accepted;
            // While it is on its way, those come whom the flush before released.
            bool isWhole = flushed - from >= 2 * Half;
            if (!isWhole) accepted += Half;
            durable = flushed;
            _crowd.Flushed(from, durable, accepted);
            if (isWhole) shared++;
            // Whoever was released comes within the time that is waited.
            if (!_crowd.IsWorthWaiting(accepted)) continue;
            accepted += flushed - from;
            _crowd.Waited(accepted);
        }
        Assert.Equal(19, shared);
    }

    [Fact]
    public void Who_does_not_come_is_waited_for_ever_less_often()
    {
        int waited = 0;
        for (int flush = 0; flush < 2000; flush++)
        {
            _crowd.Flushed(0, 1000, 1000);
            if (!_crowd.IsWorthWaiting(1001)) continue;
            waited++;
            _crowd.Waited(1001);
        }
        Assert.InRange(waited, 10, 20);
    }

    [Fact]
    public void Who_comes_again_is_soon_waited_for_again()
    {
        for (int flush = 0; flush < 2000; flush++)
        {
            _crowd.Flushed(0, 1000, 1000);
            if (_crowd.IsWorthWaiting(1001)) _crowd.Waited(1001);
        }
        int waited = 0;
        for (int flush = 0; flush < 1000; flush++)
        {
            _crowd.Flushed(0, 1000, 1000);
            if (!_crowd.IsWorthWaiting(1001)) continue;
            waited++;
            _crowd.Waited(2000);
        }
        Assert.True(waited > 400);
    }
}
