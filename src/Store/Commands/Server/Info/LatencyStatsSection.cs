using System.Globalization;

namespace Galley.Store.Commands;

/// <summary>
/// A line for each command whose calls were timed, with the percentiles of <c>latency-tracking-info-percentiles</c>:
/// <c>p50=25.087,p99=25.087,p99.9=25.087</c>, in microseconds.
/// </summary>
internal static class LatencyStatsSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        IReadOnlyList<double> percentiles = server.Settings.LatencyPercentiles.Values;
        foreach (CommandInfo command in server.Commands.All)
        {
            if (server.CommandStats.LatenciesOf(command.Index) is not { } latencies) continue;
            writer.Field("latency_percentiles_usec_" + command.LowerName, string.Join(',', percentiles.Select(percent =>
                string.Create(CultureInfo.InvariantCulture, $"p{percent:0.######}={latencies.PercentileMicroseconds(percent):F3}"))));
        }
    }
}
