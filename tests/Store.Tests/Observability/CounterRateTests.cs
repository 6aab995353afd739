using Galley.Store.Observability;

namespace Galley.Store.Tests.Observability;

public sealed class CounterRateTests
{
    [Fact]
    public void It_comes_to_the_rate_of_a_counter_that_rises_evenly_and_falls_when_it_stops()
    {
        var rate = new CounterRate();
        long counter = 0;
        for (int i = 0; i < 100; i++) rate.Sample(counter += 50, elapsedMs: 100);
        Assert.InRange(rate.PerSecond, 495, 500);
        for (int i = 0; i < 16; i++) rate.Sample(counter, elapsedMs: 100);
        Assert.InRange(rate.PerSecond, 100, 250);
        for (int i = 0; i < 100; i++) rate.Sample(counter, elapsedMs: 100);
        Assert.InRange(rate.PerSecond, 0, 1);
    }

    [Fact]
    public void Uneven_looks_count_by_the_time_between_them()
    {
        var rate = new CounterRate();
        rate.Sample(1600, elapsedMs: 1000);
        Assert.Equal(100, rate.PerSecond);
    }
}
