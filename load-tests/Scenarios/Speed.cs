namespace Galley.LoadTests;

/// <summary>
/// Requests a second, p99, and the server's own processor time for one operation: user and system, from /proc, the figure
/// least disturbed by the generator that shares the machine. All servers run; each round asks them in turn.
/// </summary>
public static class Speed
{
    private const int WarmUpRequests = 20_000;
    private const int RequestsMin = 2000;

    public static void Run(Options options, Report report)
    {
        List<Server> servers = [.. Servers.Picked(options).Select(s => new Server(s.Name, s.Command, options.IsSet("aof")))];
        try
        {
            string heads = string.Concat(servers.Select(s => $"{s.Name + " rps",14}{"p99 ms",8}{"us/op",8}"));
            report.Line($"{"test",-14}{"P",4}  {heads}   us/op of ours against each");
            foreach (string test in options.List("tests", "ping_mbulk,set,get,incr,mset,publish"))
            {
                foreach (string pipeline in options.List("pipelines", "1,16"))
                    Row(options, report, servers, test, int.Parse(pipeline, System.Globalization.CultureInfo.InvariantCulture));
            }
        }
        finally
        {
            servers.ForEach(s => s.Dispose());
        }
    }

    private static void Row(Options options, Report report, List<Server> servers, string test, int pipeline)
    {
        // The warm-up also tells how many requests take about --seconds.
        int[] requests = [.. servers.Select(s =>
            Math.Max(RequestsMin, (int)((Benchmark.Run(s, test, pipeline, WarmUpRequests * Math.Min(pipeline, 8))?.RequestsPerSecond ?? RequestsMin) * options.Seconds(1.5))))];
        var runs = servers.ConvertAll(_ => new List<Benchmark>());
        for (int round = 0; round < options.Number("rounds", 3); round++)
        {
            for (int i = 0; i < servers.Count; i++)
            {
                if (Benchmark.Run(servers[i], test, pipeline, requests[i]) is { } run) runs[i].Add(run);
            }
        }
        List<Benchmark?> medians = runs.ConvertAll(r => r.Count > 0 ? Benchmark.Median(r) : null);
        string cells = string.Concat(medians.Select(m => m is null
            ? $"{"-",14}{"-",8}{"-",8}"
            : FormattableString.Invariant($"{m.RequestsPerSecond,14:F0}{m.P99Ms,8:F2}{m.MicrosecondsPerOperation,8:F2}")));
        int ours = servers.FindIndex(s => s.Name == Servers.Ours);
        string ratios = ours < 0 || medians[ours] is not { } own ? "" : string.Join("  ", servers.Zip(medians)
            .Where(p => p.First.Name != Servers.Ours && p.Second is { MicrosecondsPerOperation: > 0 })
            .Select(p => FormattableString.Invariant($"{p.First.Name} {own.MicrosecondsPerOperation / p.Second!.MicrosecondsPerOperation:F2}")));
        report.Line($"{test,-14}{pipeline,4}  {cells}   {ratios}");
    }
}
