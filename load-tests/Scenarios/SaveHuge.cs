using System.Diagnostics;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// One value of a million elements is saved in the background while a client changes elements of it, one at a time, and others
/// ask small things. What the machine itself does to the tail is in the phase before. redis-server in the same run is the control.
/// </summary>
public static class SaveHuge
{
    private const int Pipeline = 16;
    private const int ProbeClients = 4;
    private const double NanosecondsPerMillisecond = 1e6;
    private const long LongestNanoseconds = 60_000_000_000;

    public static void Run(Options options, Report report)
    {
        report.Line($"{"server",-8}{"value",-7}{"phase",-10}{"seconds",9}{"changes",9}{"p50 ms",8}{"p99",8}{"p99.9",8}{"max",8}{"others",9}{"p99.9",8}{"max",8}{"MiB",8}");
        foreach ((string name, string[] command) in Servers.Picked(options))
        {
            if (name == "garnet") continue;
            foreach (LargeShape shape in LargeShape.All)
            {
                if (!options.List("values", "hash,set,zset,list").Contains(shape.Name)) continue;
                using var server = new Server(name, command);
                new Play(server, report, shape, options).Perform();
            }
        }
    }

    private sealed class Play(Server server, Report report, LargeShape shape, Options options)
    {
        private readonly int _elements = options.Number("elements", 1_000_000);

        public void Perform()
        {
            Build();
            using var probe = new Probe(server, ProbeClients, options.Number("pace", 2000));
            Thread.Sleep(1000);
            probe.Take();
            using RespClient admin = server.Connect();
            admin.AskText("CONFIG", "RESETSTAT");
            Phase(probe, "before", TimeSpan.FromSeconds(options.Seconds(5)), static () => false);
            admin.AskText("CONFIG", "RESETSTAT");
            for (int round = 0; round < options.Number("rounds", 3); round++)
            {
                admin.AskText("BGSAVE");
                Phase(probe, "saving", TimeSpan.FromMinutes(5), () => server.InfoNumber("rdb_bgsave_in_progress") == 0);
            }
            if (server.InfoNumber("gate_own_work_max_usec") is { } turn)
                report.Line($"{server.Name,-8}{shape.Name,-7}longest turn of the gate for its own work {turn} us; longest pause of the collector {server.InfoNumber("gc_pause_max_usec")} us");
            if (probe.Failure is { } failure) report.Line($"{server.Name,-8}THE WELL-BEHAVED WERE CUT OFF: {failure}");
        }

        private void Build()
        {
            using RespClient client = server.Connect();
            byte[] batch = new byte[Pipeline * 256];
            for (int written = 0; written < _elements; written += Pipeline)
            {
                int size = 0;
                for (int i = 0; i < Pipeline; i++) size += shape.WriteTo(batch.AsSpan(size), written + i);
                client.Send(batch.AsSpan(0, size));
                if (client.ReadLines(Pipeline) > 0) throw new InvalidOperationException($"{server.Name} refused a command");
            }
        }

        /// <summary>Changes elements until the time is over, or the end has come, which is asked for now and then.</summary>
        private void Phase(Probe probe, string name, TimeSpan longest, Func<bool> isOver)
        {
            using RespClient client = server.Connect();
            var changes = new LongHistogram(1, LongestNanoseconds, 3);
            var clock = Stopwatch.StartNew();
            var sinceAsked = Stopwatch.StartNew();
            while (clock.Elapsed < longest)
            {
                byte[] request = RespClient.Encode(shape.ChangeOf(Random.Shared.Next(_elements)));
                long started = Stopwatch.GetTimestamp();
                client.Send(request);
                client.ReadLines(1);
                changes.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(started).TotalNanoseconds));
                if (sinceAsked.ElapsedMilliseconds < 50) continue;
                if (isOver()) break;
                sinceAsked.Restart();
            }
            double seconds = clock.Elapsed.TotalSeconds;
            LongHistogram others = probe.Take();
            report.Line($"{server.Name,-8}{shape.Name,-7}{name,-10}{seconds,9:F2}{changes.TotalCount,9}{At(changes, 50),8:F2}{At(changes, 99),8:F2}{At(changes, 99.9),8:F2}{At(changes, 100),8:F2}{others.TotalCount,9}{At(others, 99.9),8:F2}{At(others, 100),8:F2}{server.ResidentBytes / (double)(1 << 20),8:F0}");
        }

        private static double At(LongHistogram times, double percentile) => times.GetValueAtPercentile(percentile) / NanosecondsPerMillisecond;
    }
}
