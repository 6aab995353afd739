using System.Diagnostics;
using System.Globalization;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// Keys that expire by the million: all in the same second, while others ask small things; and so many every second, of which it is
/// told how many are still there when their time has passed. redis-server is the control.
/// </summary>
public static class ExpiryStorm
{
    private const int ProbeClients = 4;
    private const int Batch = 200;
    private const int CalmSeconds = 5;
    private const int LoadSeconds = 20;
    private const int StormMs = 1000;
    private const int PollMs = 50;
    private const int LiveMsMin = 1000;
    private const int LiveMsMax = 10_000;
    private const int SamplesPerSecond = 10;
    private const double NanosecondsPerMillisecond = 1e6;
    private const string Value = "0123456789abcdef";

    /// <summary>Keys that do not go are not waited for any longer.</summary>
    private const int GoneMsMax = 120_000;

    public static void Run(Options options, Report report)
    {
        List<(string Name, string[] Command)> servers = [.. Servers.Picked(options).Where(s => s.Name != "garnet")];
        string[] parts = options.List("parts", "storm,steady");
        if (parts.Contains("storm"))
        {
            report.Line($"# {options.Number("keys", 1_000_000)} keys whose time comes within one second");
            report.Line($"{"server",-8}{"phase",-8}{"keys",9}{"gone after ms",15}{"cpu s",7}{"replies",9}{"p50 ms",8}{"p99",8}{"p99.9",8}{"p99.99",8}{"max",8}");
            foreach ((string name, string[] command) in servers) Storm(name, command, options, report);
        }
        if (parts.Contains("steady"))
        {
            report.Line($"# {options.Number("rate", 100_000)} keys a second that live for {LiveMsMin} to {LiveMsMax} ms; share of DBSIZE whose time has passed");
            report.Line($"{"server",-8}{"expiries/s",11}{"keys",9}{"expired mean",13}{"largest",9}{"cpu s",7}{"replies",9}{"p50 ms",8}{"p99",8}{"p99.9",8}{"p99.99",8}{"max",8}");
            foreach ((string name, string[] command) in servers) Steady(name, command, options, report);
        }
    }

    private static void Storm(string name, string[] command, Options options, Report report)
    {
        using var server = new Server(name, command);
        using RespClient client = server.Connect();
        long dueMs = NowMs() + (LoadSeconds * 1000);
        Load(client, options.Number("keys", 1_000_000), dueMs);
        if (NowMs() > dueMs - ((CalmSeconds + 1) * 1000)) throw new InvalidOperationException($"{name} was not filled in time");
        using var probe = new Probe(server, ProbeClients, options.Number("pace", 2000));
        SleepUntil(dueMs - (CalmSeconds * 1000));
        client.AskText("CONFIG", "RESETSTAT");
        probe.Take();
        double processor = server.ProcessorSeconds;
        SleepUntil(dueMs);
        Show("before", "");
        // The probe has a key of its own.
        while (Size(client) > 1 && NowMs() < dueMs + GoneMsMax) Thread.Sleep(PollMs);
        Show("storm", Text(NowMs() - dueMs - StormMs));
        if (probe.Failure is { } failure) report.Line($"{name,-8}THE WELL-BEHAVED WERE CUT OFF: {failure}");
        if (server.InfoNumber("gate_own_work_max_usec") is { } turn)
            report.Line($"{name,-8}longest turn of the gate for its own work {turn} us; longest pause of the collector {server.InfoNumber("gc_pause_max_usec")} us");

        void Show(string phase, string goneAfterMs)
        {
            LongHistogram times = probe.Take();
            double now = server.ProcessorSeconds;
            report.Line($"{name,-8}{phase,-8}{Size(client),9}{goneAfterMs,15}{now - processor,7:F1}{Percentiles(times)}");
            processor = now;
        }
    }

    private static void Load(RespClient client, int keys, long dueMs)
    {
        var random = new Random(1);
        var requests = new RequestBuffer();
        for (int i = 0; i < keys; i++)
        {
            requests.Command(5, "SET").Word($"key:{i}").Word(Value).Word("PXAT").Word(dueMs + random.Next(StormMs));
            if (requests.Commands < Batch && i < keys - 1) continue;
            client.Send(requests.Bytes);
            if (client.ReadReplies(requests.Commands) > 0) throw new InvalidOperationException("a write was refused");
            requests.Clear();
        }
    }

    private static void Steady(string name, string[] command, Options options, Report report)
    {
        using var server = new Server(name, command);
        using RespClient client = server.Connect();
        var writer = new SteadyWriter(client, options.Number("rate", 100_000));
        writer.Write(TimeSpan.FromMilliseconds(LiveMsMax), null);
        using var probe = new Probe(server, ProbeClients, options.Number("pace", 2000));
        Thread.Sleep(100);
        probe.Take();
        long expired = server.InfoNumber("expired_keys") ?? 0;
        double processor = server.ProcessorSeconds;
        var clock = Stopwatch.StartNew();
        var shares = new List<double>();
        writer.Write(TimeSpan.FromSeconds(options.Seconds(30)), shares);
        LongHistogram times = probe.Take();
        double perSecond = ((server.InfoNumber("expired_keys") ?? 0) - expired) / clock.Elapsed.TotalSeconds;
        report.Line($"{name,-8}{perSecond,11:F0}{Size(client),9}{shares.Average(),12:F3}%{shares.Max(),8:F3}%{server.ProcessorSeconds - processor,7:F1}{Percentiles(times)}");
        if (probe.Failure is { } failure) report.Line($"{name,-8}THE WELL-BEHAVED WERE CUT OFF: {failure}");
    }

    /// <summary>Writes keys at a steady rate, and knows how many of them should be there at any moment.</summary>
    private sealed class SteadyWriter(RespClient client, int perSecond)
    {
        private readonly Random _random = new(1);
        private readonly RequestBuffer _requests = new();
        private readonly long _startMs = NowMs();

        // By the millisecond in which they are due, counted from the start.
        private readonly List<int> _due = [];
        private int _firstAlive;
        private long _alive;
        private long _written;

        /// <param name="shares">Takes the percentage of keys that are there, and should not be, ten times a second.</param>
        public void Write(TimeSpan duration, List<double>? shares)
        {
            var clock = Stopwatch.StartNew();
            int samples = 0;
            for (long batches = 0; clock.Elapsed < duration; batches++)
            {
                double due = (double)batches * Batch / perSecond;
                while (clock.Elapsed.TotalSeconds < due) Thread.Sleep(1);
                WriteBatch();
                if (shares is null || clock.Elapsed.TotalSeconds * SamplesPerSecond < samples + 1) continue;
                samples++;
                long present = Size(client);
                // The probe's key is none of them.
                shares.Add(100.0 * Math.Max(0, present - 1 - Alive()) / present);
            }
        }

        private void WriteBatch()
        {
            _requests.Clear();
            long nowMs = NowMs();
            for (int i = 0; i < Batch; i++)
            {
                long dueMs = nowMs + _random.Next(LiveMsMin, LiveMsMax);
                _requests.Command(5, "SET").Word($"key:{_written++}").Word(Value).Word("PXAT").Word(dueMs);
                int at = (int)(dueMs - _startMs);
                while (_due.Count <= at) _due.Add(0);
                _due[at]++;
            }
            _alive += Batch;
            client.Send(_requests.Bytes);
            if (client.ReadReplies(Batch) > 0) throw new InvalidOperationException("a write was refused");
        }

        private long Alive()
        {
            long now = NowMs() - _startMs;
            for (; _firstAlive < Math.Min(now, _due.Count); _firstAlive++) _alive -= _due[_firstAlive];
            return _alive;
        }
    }

    private static string Percentiles(LongHistogram times) => string.Create(CultureInfo.InvariantCulture,
        $"{times.TotalCount,9}{At(times, 50),8:F2}{At(times, 99),8:F2}{At(times, 99.9),8:F2}{At(times, 99.99),8:F2}{At(times, 100),8:F2}");

    private static double At(LongHistogram times, double percentile) => times.GetValueAtPercentile(percentile) / NanosecondsPerMillisecond;

    private static void SleepUntil(long ms) => Thread.Sleep((int)Math.Max(0, ms - NowMs()));

    private static long NowMs() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static long Size(RespClient client) => long.Parse(client.AskText("DBSIZE")[0].AsSpan(1), CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
