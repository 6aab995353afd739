using System.Diagnostics;
using Galley.Store.Observability;

namespace Galley.Store.Tests.Observability;

public sealed class LatencyMonitorTests
{
    private long _nowSeconds = 1000;

    [Fact]
    public void Only_what_reaches_the_threshold_is_noted()
    {
        LatencyMonitor monitor = Make(thresholdMs: 0);
        monitor.Note("command", Ticks(5000));
        Assert.Empty(monitor.Events);
        monitor.ThresholdMs = 10;
        monitor.Note("command", Ticks(9.9));
        Assert.Null(monitor.Find("command"));
        monitor.Note("command", Ticks(10));
        Assert.Equal(10, monitor.Find("command")!.Latest.LatencyMs);
    }

    [Fact]
    public void A_second_keeps_its_worst_and_the_series_its_end()
    {
        LatencyMonitor monitor = Make(thresholdMs: 1);
        monitor.Note("command", Ticks(900));
        for (int i = 0; i < 200; i++)
        {
            _nowSeconds++;
            monitor.Note("command", Ticks(20));
            monitor.Note("command", Ticks(30));
            monitor.Note("command", Ticks(10));
        }
        LatencySeries series = monitor.Find("command")!;
        Assert.Equal(160, series.Samples.Count);
        Assert.All(series.Samples, sample => Assert.Equal(30, sample.LatencyMs));
        Assert.Equal([1041, 1200], (long[])[series.Samples[0].TimeSeconds, series.Latest.TimeSeconds]);
        Assert.Equal(900, series.MaxMs);
    }

    [Fact]
    public void Events_stand_in_the_order_in_which_they_came_and_can_be_forgotten()
    {
        LatencyMonitor monitor = Make(thresholdMs: 1);
        foreach (string name in (string[])["b", "a", "b", "c"]) monitor.Note(name, Ticks(5));
        Assert.Equal(["b", "a", "c"], monitor.Events.Select(pair => pair.Key));
        Assert.True(monitor.Reset("a"));
        Assert.False(monitor.Reset("a"));
        Assert.Equal(["b", "c"], monitor.Events.Select(pair => pair.Key));
    }

    private LatencyMonitor Make(long thresholdMs) => new(() => _nowSeconds) { ThresholdMs = thresholdMs };

    private static long Ticks(double milliseconds) => (long)(milliseconds * Stopwatch.Frequency / 1000);
}
