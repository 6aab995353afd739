namespace Galley.LoadTests;

/// <summary>Writes under <c>appendfsync always</c> from 50 connections: each is on the disk before it is answered.</summary>
public static class Always
{
    private const int WarmUpRequests = 5000;

    public static void Run(Options options, Report report)
    {
        List<Server> servers = [.. Servers.Picked(options).Where(s => s.Name != "garnet")
            .Select(s => new Server(s.Name, s.Command, isDurable: true, isServingHttp: false, "--appendfsync", "always"))];
        try
        {
            List<List<Benchmark>> runs = servers.ConvertAll(_ => new List<Benchmark>());
            int[] requests = [.. servers.Select(s => (int)(Benchmark.Run(s, "set", 1, WarmUpRequests)!.RequestsPerSecond * options.Seconds(3)))];
            for (int round = 0; round < options.Number("rounds", 3); round++)
            {
                for (int i = 0; i < servers.Count; i++) runs[i].Add(Benchmark.Run(servers[i], "set", 1, requests[i])!);
            }
            List<Benchmark> medians = runs.ConvertAll(Benchmark.Median);
            report.Line($"{"server",-8}{"writes/s",10}{"p50 ms",9}{"p99 ms",9}{"us/op",9}");
            foreach ((Server server, Benchmark m) in servers.Zip(medians))
                report.Line($"{server.Name,-8}{m.RequestsPerSecond,10:F0}{m.P50Ms,9:F2}{m.P99Ms,9:F2}{m.MicrosecondsPerOperation,9:F2}");
            if (servers is not [{ Name: Servers.Ours }, _, ..]) return;
            report.Line($"ours against {servers[1].Name}: writes/s {medians[0].RequestsPerSecond / medians[1].RequestsPerSecond:F2}, p99 {medians[0].P99Ms / medians[1].P99Ms:F2}");
        }
        finally
        {
            servers.ForEach(s => s.Dispose());
        }
    }
}
