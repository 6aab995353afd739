using System.Diagnostics;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Durability;

/// <summary>What measures time runs when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}

[Collection(MeasuredAlone.Name)]
public sealed class StartTests
{
    private const int LimitMs = 300;
    private const int TriesMin = 7;

    /// <summary>A machine that others share has slow times of its own; this long one waits for a quick one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>
    /// From the start of the process to the first reply, on an empty folder. The best of several, since the promise is about
    /// Galley and not about what else the machine does at the time.
    /// </summary>
    [Fact]
    public void The_first_reply_comes_within_300_ms_of_the_start()
    {
        Oracle.DemandGalley();
        if (!AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal)) Assert.Skip("The promise is about a Release build.");
        var times = new List<double>();
        long begun = Stopwatch.GetTimestamp();
        while (times.Count < TriesMin || (times.Min() > LimitMs && Stopwatch.GetElapsedTime(begun) < Patience))
        {
            long started = Stopwatch.GetTimestamp();
            using var galley = ServerProcess.StartGalleyWithHttp(isAwaited: false, "--appendonly", "yes");
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        string all = string.Join(", ", times.Select(t => $"{t:F0}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"start to first reply, ms: {all}");
        Results.File("start", $"start to first RESP reply, ms: {all}");
        Assert.True(times.Min() <= LimitMs, $"start to first reply took {all} ms");
    }
}
