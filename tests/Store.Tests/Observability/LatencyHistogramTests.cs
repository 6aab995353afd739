using Galley.Store.Observability;

namespace Galley.Store.Tests.Observability;

public sealed class LatencyHistogramTests
{
    // What redis-server 7.0.15 prints of one call that took so long.
    [Theory]
    [InlineData(0, 0.001)]
    [InlineData(1, 0.001)]
    [InlineData(255, 0.255)]
    [InlineData(256, 0.257)]
    [InlineData(1000, 1.003)]
    [InlineData(4000, 4.015)]
    [InlineData(26_000, 26.111)]
    [InlineData(56_000, 56.063)]
    [InlineData(598_000, 598.015)]
    [InlineData(999_999_999, 1_002_438.655)]
    [InlineData(5_000_000_000, 1_002_438.655)]
    public void A_percentile_is_the_end_of_its_bucket(long nanoseconds, double expected)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(nanoseconds);
        foreach (double percent in (double[])[0, 50, 99.9, 100]) Assert.Equal(expected, histogram.PercentileMicroseconds(percent), 6);
    }

    [Fact]
    public void Percentiles_count_from_the_fastest()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.PercentileMicroseconds(50));
        for (int i = 0; i < 99; i++) histogram.Record(100);
        histogram.Record(1_000_000);
        Assert.Equal(0.1, histogram.PercentileMicroseconds(50), 6);
        Assert.Equal(0.1, histogram.PercentileMicroseconds(99), 6);
        Assert.Equal(1003.519, histogram.PercentileMicroseconds(99.9), 6);
        Assert.Equal(100, histogram.Count);
    }

    [Fact]
    public void Bounds_double_and_show_where_the_count_rises()
    {
        var histogram = new LatencyHistogram();
        foreach (long nanoseconds in (long[])[1, 1024, 1031, 1032, 32_768, 33_023, 33_024, 1_000_000_000]) histogram.Record(nanoseconds);
        Assert.Equal([(1, 3), (2, 4), (33, 6), (66, 7), (1_082_130, 8)], histogram.Cumulative());
    }

    [Fact]
    public void Every_duration_has_a_bucket_that_holds_it()
    {
        for (long nanoseconds = 1; nanoseconds < 1_000_000_000; nanoseconds = nanoseconds * 9 / 8 + 1)
        {
            var histogram = new LatencyHistogram();
            histogram.Record(nanoseconds);
            double last = histogram.PercentileMicroseconds(50) * 1000;
            Assert.InRange(last, nanoseconds - 0.5, nanoseconds * (1 + 1.0 / 128) + 0.5);
        }
    }
}
