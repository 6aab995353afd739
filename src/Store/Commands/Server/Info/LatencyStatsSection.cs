using System.Globalization;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>A line for each command whose calls were timed: <c>p50=25.087,p99=25.087,p99.9=25.087</c>, in microseconds.</summary>
internal static class LatencyStatsSection
{
    private static readonly double[] Percentiles = [50, 99, 99.9];

    public static void Write(InfoWriter writer, ServerContext server)
    {
        foreach (CommandInfo command in server.Commands.All)
        {
            if (server.CommandStats.LatenciesOf(command.Index) is not { } latencies) continue;
            writer.Field("latency_percentiles_usec_" + command.LowerName, string.Join(',', Percentiles.Select(percent =>
                string.Create(CultureInfo.InvariantCulture, $"p{percent}={latencies.PercentileMicroseconds(percent):F3}"))));
        }
    }
}
