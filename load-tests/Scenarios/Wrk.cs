using System.Diagnostics;
using System.Globalization;

namespace Galley.LoadTests;

/// <summary>One run of wrk: 32 connections that ask for one thing again and again.</summary>
public sealed record Wrk(long Requests, double RequestsPerSecond, double P50Ms, double P99Ms)
{
    public const int Connections = 32;
    private const int Threads = 2;

    // wrk tells its figures to a script, and tells them exactly; what it prints for people is rounded.
    private const string Ending =
        """
        done = function(summary, latency, requests)
          local e = summary.errors
          io.write(string.format("figures %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
            e.connect + e.read + e.write + e.status + e.timeout))
        end
        """;

    /// <summary>Asks for seconds.</summary>
    /// <param name="body">A POST of this; without it, a GET.</param>
    public static Wrk Run(string url, double seconds, string? body = null)
    {
        string script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(script, body is null ? Ending : $"wrk.method = \"POST\"\nwrk.body = [==[{body}]==]\n{Ending}");
            return Parse(Output(url, seconds, script));
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Output(string url, double seconds, string script)
    {
        string program = Servers.OnPath("wrk") ?? throw new InvalidOperationException("wrk is not installed: apt-get install wrk");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        string duration = FormattableString.Invariant($"{Math.Max(1, Math.Round(seconds))}s");
        foreach (string argument in (string[])["-t", $"{Threads}", "-c", $"{Connections}", "-d", duration, "-s", script, url]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static Wrk Parse(string output)
    {
        string line = output.Split('\n').FirstOrDefault(l => l.StartsWith("figures ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("wrk gave no figures:\n" + output);
        long[] figures = [.. line.Split(' ')[1..].Select(figure => long.Parse(figure, CultureInfo.InvariantCulture))];
        if (figures[4] > 0) throw new InvalidOperationException($"{figures[4]} requests failed:\n{output}");
        return new Wrk(figures[0], figures[0] * 1e6 / figures[1], figures[2] / 1e3, figures[3] / 1e3);
    }
}
