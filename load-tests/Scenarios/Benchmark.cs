using System.Diagnostics;
using System.Globalization;

namespace Galley.LoadTests;

/// <summary>One run of redis-benchmark, and what the server spent on it.</summary>
public sealed record Benchmark(double RequestsPerSecond, double P50Ms, double P99Ms, double MicrosecondsPerOperation)
{
    private const int Connections = 50;

    // Tests that redis-benchmark has no name for: the command it is to send.
    private static readonly Dictionary<string, string> Sent = new()
    {
        ["publish"] = "PUBLISH channel message",
        ["expire"] = "EXPIRE key:__rand_int__ 1000",
    };

    public static Benchmark? Run(Server server, string test, int pipeline, int requests)
    {
        double before = server.ProcessorSeconds;
        using Process process = Start(server.Port, test, pipeline, requests, "--csv");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double spent = server.ProcessorSeconds - before;
        string[][] rows = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().Split("\",\""))];
        string[]? heads = rows.FirstOrDefault(r => r[0].Trim('"') == "test");
        string[][] figures = [.. rows.Where(r => r != heads && heads is not null && r.Length == heads.Length)];
        if (heads is null || figures.Length == 0) return null;
        string[] last = figures[^1];
        return new Benchmark(Figure("rps"), Figure("p50_latency_ms"), Figure("p99_latency_ms"), spent * 1e6 / ((double)requests * figures.Length));

        double Figure(string name) => double.Parse(last[Array.FindIndex(heads, h => h.Trim('"') == name)].Trim('"'), CultureInfo.InvariantCulture);
    }

    public static Process Start(int port, string test, int pipeline, long requests, params string[] more)
    {
        string program = Servers.OnPath("redis-benchmark") ?? throw new InvalidOperationException("redis-benchmark is not installed: apt-get install redis-tools");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "-h", "127.0.0.1", "-p", $"{port}", "-n", $"{requests}", "-c", $"{Connections}", "-P", $"{pipeline}", "-r", "100000", "-d", "32",
            .. more, .. Sent.TryGetValue(test, out string? command) ? command.Split(' ') : ["-t", test],
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    public static Benchmark Median(IReadOnlyCollection<Benchmark> runs) => new(
        Middle(runs.Select(r => r.RequestsPerSecond)), Middle(runs.Select(r => r.P50Ms)), Middle(runs.Select(r => r.P99Ms)),
        Middle(runs.Select(r => r.MicrosecondsPerOperation)));

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
