using System.Text;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>
/// The spikes of an event as a drawing of four rows, the oldest at the left, and under each how long ago it was, read
/// downwards. A row has three heights of its own; what is higher is a bar.
/// <code>
///      #
///      |
///    o |
///   _|_|
///
///   4320
///   ssss
/// </code>
/// </summary>
internal static class LatencyGraph
{
    private const int Columns = 80;
    private const int Rows = 4;
    private const string Heights = "_o#";
    private const int Steps = Rows * 3;

    public static string Draw(string eventName, LatencySeries series, long nowSeconds)
    {
        LatencySample[] samples = [.. series.Samples];
        long low = samples.Min(sample => sample.LatencyMs), high = samples.Max(sample => sample.LatencyMs);
        var graph = new StringBuilder();
        graph.Append($"{eventName} - high {high} ms, low {low} ms (all time high {series.MaxMs} ms)\n");
        graph.Append('-', Columns).Append('\n');
        for (int first = 0; first < samples.Length; first += Columns)
        {
            if (first > 0) graph.Append('\n');
            LatencySample[] part = samples[first..Math.Min(samples.Length, first + Columns)];
            for (int row = 0; row < Rows; row++) AppendRow(graph, part, row, low, high);
            AppendLabels(graph, Array.ConvertAll(part, sample => Ago(nowSeconds - sample.TimeSeconds)));
        }
        return graph.ToString();
    }

    private static void AppendRow(StringBuilder graph, LatencySample[] samples, int row, long low, long high)
    {
        int bottom = (Rows - 1 - row) * Heights.Length;
        foreach (LatencySample sample in samples)
        {
            int step = (int)Math.Min(Steps - 1, (sample.LatencyMs - low) * Steps / Math.Max(1, high - low));
            int height = step - bottom;
            graph.Append(height < 0 ? ' ' : height < Heights.Length ? Heights[height] : '|');
        }
        graph.Append('\n');
    }

    /// <summary>A row of space, then one for each letter of the longest label.</summary>
    private static void AppendLabels(StringBuilder graph, string[] labels)
    {
        graph.Append(' ', labels.Length).Append('\n');
        for (int row = 0; row < labels.Max(label => label.Length); row++)
        {
            foreach (string label in labels) graph.Append(row < label.Length ? label[row] : ' ');
            graph.Append('\n');
        }
    }

    private static string Ago(long seconds) => seconds switch
    {
        < 60 => $"{seconds}s",
        < 60 * 60 => $"{seconds / 60}m",
        < 24 * 60 * 60 => $"{seconds / (60 * 60)}h",
        _ => $"{seconds / (24 * 60 * 60)}d",
    };
}
