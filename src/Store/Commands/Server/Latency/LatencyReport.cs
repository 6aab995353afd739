using System.Globalization;
using System.Text;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>
/// LATENCY DOCTOR: the figures of each event, and the advice that fits what Galley does. It speaks as redis-server does,
/// but for what cannot be the reason here (forks, the allocator, transparent huge pages).
/// </summary>
internal static class LatencyReport
{
    private const string NeverOn =
        "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You may use \"CONFIG SET "
        + "latency-monitor-threshold <milliseconds>.\" in order to enable it. If we weren't in a deep space mission I'd suggest to "
        + "take a look at https://redis.io/topics/latency-monitor.\n";

    private const string NoSpike =
        "Dave, no latency spike was observed during the lifetime of this Redis instance, not in the slightest bit. I honestly think "
        + "you ought to sit down calmly, take a stress pill, and think things over.\n";

    private const string Spikes =
        "Dave, I have observed latency spikes in this Redis instance. You don't mind talking about it, do you Dave?\n\n";

    public static string Of(ServerContext server, long nowSeconds)
    {
        IReadOnlyList<KeyValuePair<string, LatencySeries>> events = server.Latency.Events;
        if (events.Count == 0) return server.Latency.ThresholdMs == 0 ? NeverOn : NoSpike;
        var report = new StringBuilder(Spikes);
        for (int i = 0; i < events.Count; i++) AppendEvent(report, i + 1, events[i].Key, events[i].Value, nowSeconds);
        report.Append("\nI have a few advices for you:\n\n");
        foreach (string advice in LatencyAdvice.For(server, [.. events.Select(pair => pair.Key)])) report.Append(advice).Append('\n');
        return report.ToString();
    }

    private static void AppendEvent(StringBuilder report, int number, string name, LatencySeries series, long nowSeconds)
    {
        IReadOnlyList<LatencySample> samples = series.Samples;
        long average = samples.Sum(sample => sample.LatencyMs) / samples.Count;
        long deviation = samples.Sum(sample => Math.Abs(average - sample.LatencyMs)) / samples.Count;
        double periodSeconds = (double)(nowSeconds - samples[0].TimeSeconds) / samples.Count;
        report.Append(CultureInfo.InvariantCulture,
            $"{number}. {name}: {samples.Count} latency spikes (average {average}ms, mean deviation {deviation}ms, "
            + $"period {periodSeconds:F2} sec). Worst all time event {series.MaxMs}ms.\n");
    }
}
