using System.Diagnostics;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// A value of millions of elements of each type is built, read in ranges, and dropped, while well-behaved clients ask small
/// things: their replies are the histogram. redis-server in the same run is the control.
/// </summary>
public static class LargeValues
{
    private const int Pipeline = 16;
    private const int ReadsAtOnce = 4;
    private const int ProbeClients = 4;
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>After a value is dropped its memory is given back in turns: they are measured too.</summary>
    private static readonly TimeSpan AfterDrop = TimeSpan.FromSeconds(5);

    public static void Run(Options options, Report report)
    {
        int elements = options.Number("elements", 5_000_000);
        report.Line($"{"server",-8}{"value",-7}{"phase",-8}{"ops/s",10}{"replies",9}{"p50 ms",8}{"p99",8}{"p99.9",8}{"p99.99",8}{"max",8}{"MiB",8}");
        foreach ((string name, string[] command) in Servers.Picked(options))
        {
            if (name == "garnet") continue;
            foreach (LargeShape shape in LargeShape.All)
            {
                if (!options.List("values", "list,hash,set,zset").Contains(shape.Name)) continue;
                using var server = new Server(name, command);
                new Play(server, report, shape, elements, options).Perform();
            }
        }
    }

    private sealed class Play(Server server, Report report, LargeShape shape, int elements, Options options)
    {
        private readonly byte[] _batch = new byte[Pipeline * 256];

        public void Perform()
        {
            using var probe = new Probe(server, ProbeClients, options.Number("pace", 2000));
            Thread.Sleep(1000);
            probe.Take();
            using RespClient client = server.Connect();
            Phase(probe, "build", () => Build(client));
            Phase(probe, "read", () => Read(client, TimeSpan.FromSeconds(options.Seconds(20))));
            Phase(probe, "drop", () => Drop(client));
            if (probe.Failure is { } failure) report.Line($"{server.Name,-8}THE WELL-BEHAVED WERE CUT OFF: {failure}");
            if (server.InfoNumber("gate_own_work_max_usec") is { } turn)
                report.Line($"{server.Name,-8}{shape.Name,-7}longest turn of the gate for its own work {turn} us; longest pause of the collector {server.InfoNumber("gc_pause_max_usec")} us");
        }

        private void Phase(Probe probe, string name, Func<int> work)
        {
            var clock = Stopwatch.StartNew();
            int operations = work();
            double seconds = clock.Elapsed.TotalSeconds;
            LongHistogram times = probe.Take();
            report.Line($"{server.Name,-8}{shape.Name,-7}{name,-8}{operations / seconds,10:F0}{times.TotalCount,9}{At(times, 50),8:F2}{At(times, 99),8:F2}{At(times, 99.9),8:F2}{At(times, 99.99),8:F2}{At(times, 100),8:F2}{server.ResidentBytes / (double)(1 << 20),8:F0}");
        }

        private int Build(RespClient client)
        {
            for (int written = 0; written < elements; written += Pipeline)
            {
                int size = 0;
                for (int i = 0; i < Pipeline; i++) size += shape.WriteTo(_batch.AsSpan(size), written + i);
                Ask(client, size, Pipeline);
            }
            return elements;
        }

        private int Read(RespClient client, TimeSpan duration)
        {
            var clock = Stopwatch.StartNew();
            int reads = 0;
            while (clock.Elapsed < duration)
            {
                int size = 0;
                for (int i = 0; i < ReadsAtOnce; i++)
                    size += LargeShape.Put(_batch.AsSpan(size), RespClient.Encode(shape.ReadOf(Random.Shared.Next(elements - 100))));
                Ask(client, size, ReadsAtOnce * shape.LinesOfRead);
                reads += ReadsAtOnce;
            }
            return reads;
        }

        private static int Drop(RespClient client)
        {
            client.Send(RespClient.Encode("DEL", "big"));
            client.ReadLines(1);
            Thread.Sleep(AfterDrop);
            return 1;
        }

        private void Ask(RespClient client, int size, int lines)
        {
            client.Send(_batch.AsSpan(0, size));
            if (client.ReadLines(lines) > 0) throw new InvalidOperationException($"{server.Name} refused a command");
        }

        private static double At(LongHistogram times, double percentile) => times.GetValueAtPercentile(percentile) / NanosecondsPerMillisecond;
    }
}
