namespace Galley.LoadTests;

/// <summary>
/// The REST door beside webdis with redis-server behind it, in one run, by wrk with 32 connections. Figures are for one
/// command: requests for what has one row, rows for a pipeline. webdis has no pipeline; what stands beside one is its
/// single command, which is how a client of it would send as many.
/// </summary>
public static class RestBesideWebdis
{
    private const string Value = "0123456789abcdef0123456789abcdef";

    private static readonly Test[] Tests =
    [
        new("GET by path", "/get/greeting", null, "/GET/greeting", 1),
        new("SET by path", "/set/other/" + Value, null, "/SET/other/" + Value, 1),
        new("pipeline of 1", "/pipeline", Pipeline(1), "/GET/greeting", 1),
        new("pipeline of 100", "/pipeline", Pipeline(100), "/GET/greeting", 100),
    ];

    public static void Run(Options options, Report report)
    {
        (string name, string[] command) = Servers.Picked(options).First(server => server.Name == Servers.Ours);
        using var ours = new Server(name, command, isServingHttp: true);
        using Webdis? webdis = Webdis.Program() is null ? null : new Webdis();
        if (webdis is null) Console.Error.WriteLine("# webdis left out: it is not installed (apt-get install webdis)");

        double seconds = options.Seconds(5);
        Wrk.Run($"http://127.0.0.1:{ours.HttpPort}{Tests[1].Path}", 1);
        Wrk.Run($"http://127.0.0.1:{ours.HttpPort}/set/greeting/{Value}", 1);
        if (webdis is not null) Wrk.Run($"http://127.0.0.1:{webdis.HttpPort}/SET/greeting/{Value}", 1);
        report.Line($"{"for one command",-17}{"ours /s",10}{"p50 ms",8}{"p99 ms",8}{"us CPU",8}{"bytes/request",15}{"webdis /s",11}{"p50 ms",8}{"p99 ms",8}{"us CPU",8}   ours against webdis with redis-server");
        foreach (Test test in Tests) Row(options, report, ours, webdis, test, seconds);
    }

    private static void Row(Options options, Report report, Server ours, Webdis? webdis, Test test, double seconds)
    {
        var own = new List<Figures>();
        var others = new List<Figures>();
        // What the just-in-time compiler does at first is no part of a server's steady work.
        Wrk.Run($"http://127.0.0.1:{ours.HttpPort}{test.Path}", seconds, test.Body);
        for (int round = 0; round < options.Number("rounds", 3); round++)
        {
            own.Add(Measure($"http://127.0.0.1:{ours.HttpPort}{test.Path}", seconds, test.Body, test.Rows,
                () => ours.ProcessorSeconds, () => ours.InfoNumber("gc_allocated_bytes") ?? 0));
            if (webdis is not null)
                others.Add(Measure($"http://127.0.0.1:{webdis.HttpPort}{test.WebdisPath}", seconds, null, 1, () => webdis.ProcessorSeconds, () => 0));
        }
        Figures a = Figures.Median(own);
        string line = FormattableString.Invariant(
            $"{test.Name,-17}{a.CommandsPerSecond,10:F0}{a.P50Ms,8:F2}{a.P99Ms,8:F2}{a.Microseconds,8:F2}{a.AllocatedBytes,15:F0}");
        if (webdis is null)
        {
            report.Line($"{line}");
            return;
        }
        Figures b = Figures.Median(others);
        report.Line($"{line}{b.CommandsPerSecond,11:F0}{b.P50Ms,8:F2}{b.P99Ms,8:F2}{b.Microseconds,8:F2}   commands/s {a.CommandsPerSecond / b.CommandsPerSecond:F2}, CPU {a.Microseconds / b.Microseconds:F2}");
    }

    private static Figures Measure(
        string url, double seconds, string? body, int rows, Func<double> processorSeconds, Func<long> allocatedBytes)
    {
        double processor = processorSeconds();
        long allocated = allocatedBytes();
        Wrk run = Wrk.Run(url, seconds, body);
        return new Figures(run.RequestsPerSecond * rows, run.P50Ms, run.P99Ms,
            (processorSeconds() - processor) * 1e6 / (run.Requests * rows), (double)(allocatedBytes() - allocated) / run.Requests);
    }

    private static string Pipeline(int rows) => $"[{string.Join(',', Enumerable.Repeat("""["GET","greeting"]""", rows))}]";

    private sealed record Test(string Name, string Path, string? Body, string WebdisPath, int Rows);

    private sealed record Figures(double CommandsPerSecond, double P50Ms, double P99Ms, double Microseconds, double AllocatedBytes)
    {
        public static Figures Median(List<Figures> runs) => new(
            Middle(runs, r => r.CommandsPerSecond), Middle(runs, r => r.P50Ms), Middle(runs, r => r.P99Ms),
            Middle(runs, r => r.Microseconds), Middle(runs, r => r.AllocatedBytes));

        private static double Middle(List<Figures> runs, Func<Figures, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
    }
}
