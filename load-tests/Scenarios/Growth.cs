using System.Buffers.Text;
using System.Diagnostics;
using HdrHistogram;

namespace Galley.LoadTests;

/// <summary>
/// The table grows from nothing to millions of keys, and is then overwritten at random: one connection writes in pipelines as
/// fast as it can, another asks one thing at a time and measures. redis-server in the same run is the control: what the
/// machine itself does to the tail, it does to both.
/// </summary>
public static class Growth
{
    private const int ValueSize = 32;
    private const int ProbesBetweenSleeps = 4;
    private const double NanosecondsPerMicrosecond = 1000.0;

    public static void Run(Options options, Report report)
    {
        int keys = options.Number("keys", 5_000_000);
        report.Line($"{"server",-8}{"phase",-11}{"writes/s",10}{"probes",10}{"p50 us",9}{"p99 us",9}{"p99.9 us",10}{"p99.99 us",11}{"max us",10}");
        foreach ((string name, string[] command) in Servers.Picked(options))
        {
            if (name == "garnet") continue;
            using var server = new Server(name, command);
            Phase(server, report, "growth", options.Number("pipeline", 16), keys, keys, TimeSpan.MaxValue);
            Phase(server, report, "overwrites", options.Number("pipeline", 16), keys, int.MaxValue, TimeSpan.FromSeconds(options.Seconds(30)));
            report.Line($"{name,-8}resident {server.ResidentBytes >> 20} MiB; longest pause of the collector {Figure(server, "gc_pause_max_usec")}, longest turn of the gate for its own work {Figure(server, "gate_own_work_max_usec")}");
        }
    }

    private static void Phase(Server server, Report report, string name, int pipeline, int keys, int writes, TimeSpan limit)
    {
        var histogram = new LongHistogram(1, 60_000_000_000, 3);
        bool isOver = false;
        int grown = 0;
        var probe = new Thread(() => Probe(server, histogram, () => Volatile.Read(ref isOver), () => Math.Max(1, Volatile.Read(ref grown))));
        probe.Start();
        var clock = Stopwatch.StartNew();
        int written = 0;
        using (RespClient client = server.Connect())
        {
            byte[] batch = new byte[pipeline * 128];
            while (written < writes && clock.Elapsed < limit)
            {
                int size = 0;
                for (int i = 0; i < pipeline; i++)
                    size += Write(batch.AsSpan(size), writes == int.MaxValue ? Random.Shared.Next(keys) : written + i);
                client.Send(batch.AsSpan(0, size));
                if (client.ReadLines(pipeline) > 0) throw new InvalidOperationException($"{server.Name} refused a write");
                written += pipeline;
                Volatile.Write(ref grown, Math.Min(written, keys));
            }
        }
        double seconds = clock.Elapsed.TotalSeconds;
        Volatile.Write(ref isOver, true);
        probe.Join();
        report.Line($"{server.Name,-8}{name,-11}{written / seconds,10:F0}{histogram.TotalCount,10}{At(histogram, 50),9:F0}{At(histogram, 99),9:F0}{At(histogram, 99.9),10:F0}{At(histogram, 99.99),11:F0}{At(histogram, 100),10:F0}");
    }

    /// <summary>A GET and a SET of keys that are there, in turn, one at a time.</summary>
    private static void Probe(Server server, LongHistogram histogram, Func<bool> isOver, Func<int> keys)
    {
        using RespClient client = server.Connect();
        byte[] request = new byte[256];
        for (int i = 0; !isOver(); i++)
        {
            int key = Random.Shared.Next(keys());
            bool writes = (i & 1) == 0;
            int size = writes ? Write(request, key) : Read(request, key);
            long started = Stopwatch.GetTimestamp();
            client.Send(request.AsSpan(0, size));
            client.ReadLines(writes ? 1 : 2);
            histogram.RecordValue((long)Stopwatch.GetElapsedTime(started).TotalNanoseconds);
            if (i % ProbesBetweenSleeps == 0) Thread.Sleep(1);
        }
    }

    private static int Write(Span<byte> to, int key)
    {
        int at = Put(to, "*3\r\n$3\r\nSET\r\n$12\r\nkey:"u8);
        at += Digits(to[at..], key);
        at += Put(to[at..], "\r\n$32\r\n"u8);
        to.Slice(at, ValueSize).Fill((byte)('a' + (key % 26)));
        at += ValueSize;
        return at + Put(to[at..], "\r\n"u8);
    }

    private static int Read(Span<byte> to, int key)
    {
        int at = Put(to, "*2\r\n$3\r\nGET\r\n$12\r\nkey:"u8);
        at += Digits(to[at..], key);
        return at + Put(to[at..], "\r\n"u8);
    }

    private static int Digits(Span<byte> to, int key)
    {
        Utf8Formatter.TryFormat(key, to, out int written, new System.Buffers.StandardFormat('D', 8));
        return written;
    }

    private static int Put(Span<byte> to, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to);
        return text.Length;
    }

    private static double At(LongHistogram histogram, double percentile) =>
        histogram.GetValueAtPercentile(percentile) / NanosecondsPerMicrosecond;

    private static string Figure(Server server, string field) => server.InfoNumber(field) is { } usec ? $"{usec} us" : "not told";
}
