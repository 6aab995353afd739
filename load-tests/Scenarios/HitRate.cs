using System.Diagnostics;
using System.Globalization;

namespace Galley.LoadTests;

/// <summary>
/// How often a cache has what is asked for: a reader gets a key and, when it is not there, sets it. The keys follow a trace, and
/// the memory is bounded so that every server keeps about the same number of keys: what differs is which. Then the same memory
/// for all: how many keys each keeps in it, and what that is worth.
/// </summary>
public static class HitRate
{
    private const int Batch = 128;
    private const int ValueSize = 100;
    private const int CalibrationRounds = 3;

    /// <summary>Where in a minute a trace begins under an LFU policy: counters decay when a minute ends, here once, soon after the first third.</summary>
    private const int StartSecond = 40;
    private const string Filler = "0123456789";

    public static void Run(Options options, Report report)
    {
        int keys = options.Number("keys", 50_000);
        int requests = options.Number("requests", 600_000);
        int samples = options.Number("samples", 5);
        List<(string Name, string[] Command)> servers = [.. Servers.Picked(options).Where(s => s.Name != "garnet")];
        string[] parts = options.List("parts", "rates,memory");
        if (parts.Contains("rates")) Rates(servers, options, report, keys, requests, samples);
        if (parts.Contains("memory")) SameMemory(servers, report, options.Number("mib", 16), requests, samples);
    }

    private static void Rates(
        List<(string Name, string[] Command)> servers, Options options, Report report, int keys, int requests, int samples)
    {
        report.Line($"# {keys} keys kept, traces of {requests} gets over {keys * Trace.KeysPerKept} keys, maxmemory-samples {samples}");
        report.Line($"# a trace takes --seconds at least, for ages are counted in seconds; us/get is processor time for a get and what it sets");
        report.Line($"{"policy",-13}{"trace",-22}{string.Concat(servers.Select(s => $"{s.Name,9}{"kept",8}{"evicted",9}{"us/get",8}"))}");
        foreach (string policy in options.List("policies", "allkeys-lru,allkeys-lfu"))
            foreach (string trace in options.List("traces", "zipf-0.9,zipf-1.2,zipf-0.9+scan,zipf-1.2+scan"))
                Compare(servers, report, policy, Trace.Make(trace, keys, requests), keys, samples, options.Seconds(47));
    }

    private static void Compare(
        List<(string Name, string[] Command)> servers, Report report, string policy, Trace trace, int keys, int samples, double seconds)
    {
        string cells = "";
        foreach ((string name, string[] command) in servers)
        {
            using var server = new Server(name, command);
            Bound(server, policy, samples, BytesFor(server, keys));
            if (policy.EndsWith("lfu", StringComparison.Ordinal)) AwaitSecond(StartSecond);
            cells += Ask(server, trace, seconds);
        }
        report.Line($"{policy,-13}{trace.Name,-22}{cells}");
    }

    /// <summary>Waits for this second of a minute, so that what goes by minutes meets all servers at the same place of the trace.</summary>
    private static void AwaitSecond(int second)
    {
        double at = DateTime.UtcNow.TimeOfDay.TotalSeconds % 60;
        Thread.Sleep(TimeSpan.FromSeconds((second - at + 60) % 60));
    }

    private static void SameMemory(List<(string Name, string[] Command)> servers, Report report, int mebibytes, int requests, int samples)
    {
        report.Line($"# the same maxmemory for all: {mebibytes} MiB, values of {ValueSize} bytes, allkeys-lru");
        Trace trace = Trace.Make("zipf-0.9", mebibytes * 5000, requests);
        foreach ((string name, string[] command) in servers)
        {
            using var server = new Server(name, command);
            Bound(server, "allkeys-lru", samples, (long)mebibytes << 20);
            string cells = Ask(server, trace, seconds: 0);
            long used = server.InfoNumber("used_memory") ?? 0;
            report.Line($"{name,-13}{trace.Name,-22}{cells}   used_memory {used}, resident {server.ResidentBytes >> 20} MiB");
        }
    }

    /// <summary>
    /// The <c>maxmemory</c> with which so many keys of the trace's kind are kept: what they take when they are written once, put
    /// right by how many are kept with that when more are written.
    /// </summary>
    private static long BytesFor(Server server, int keys)
    {
        using RespClient client = server.Connect();
        Write(server, client, keys);
        long bytes = server.InfoNumber("used_memory") ?? throw new InvalidOperationException($"{server.Name} does not tell used_memory");
        for (int round = 0; round < CalibrationRounds; round++)
        {
            client.AskText("FLUSHALL");
            Bound(server, "allkeys-random", samples: 5, bytes);
            Write(server, client, keys * 3 / 2);
            long kept = Size(client);
            bytes += (keys - kept) * bytes / keys;
        }
        client.AskText("FLUSHALL");
        return bytes;
    }

    private static void Write(Server server, RespClient client, int keys)
    {
        for (int first = 0; first < keys; first += Batch)
        {
            int count = Math.Min(Batch, keys - first);
            client.Send([.. Enumerable.Range(first, count).SelectMany(key => Set(key))]);
            if (client.ReadLines(count) > 0) throw new InvalidOperationException($"{server.Name} refused a write");
        }
    }

    private static void Bound(Server server, string policy, int samples, long bytes)
    {
        using RespClient client = server.Connect();
        string[] reply = client.AskText("CONFIG", "SET", "maxmemory-policy", policy, "maxmemory-samples", Text(samples), "maxmemory", Text(bytes));
        if (reply[0] != "+OK") throw new InvalidOperationException($"{server.Name}: {reply[0]}");
        client.AskText("CONFIG", "RESETSTAT");
    }

    /// <summary>Gets the trace's keys in pipelines, sets those that are missed, and counts from the first third on.</summary>
    private static string Ask(Server server, Trace trace, double seconds)
    {
        using RespClient client = server.Connect();
        long asked = 0, hits = 0;
        double before = server.ProcessorSeconds;
        var clock = Stopwatch.StartNew();
        for (int first = 0; first < trace.Keys.Length; first += Batch)
        {
            ReadOnlySpan<int> keys = trace.Keys.AsSpan(first, Math.Min(Batch, trace.Keys.Length - first));
            int missed = GetAndSet(client, keys);
            if (first >= trace.Keys.Length / 3)
            {
                asked += keys.Length;
                hits += keys.Length - missed;
            }
            double due = seconds * first / trace.Keys.Length;
            if (clock.Elapsed.TotalSeconds < due) Thread.Sleep(TimeSpan.FromSeconds(due - clock.Elapsed.TotalSeconds));
        }
        double microseconds = (server.ProcessorSeconds - before) * 1e6 / trace.Keys.Length;
        long kept = Size(client);
        long evicted = server.InfoNumber("evicted_keys") ?? 0;
        return string.Create(CultureInfo.InvariantCulture, $"{100.0 * hits / asked,8:F2}%{kept,8}{evicted,9}{microseconds,8:F1}");
    }

    private static int GetAndSet(RespClient client, ReadOnlySpan<int> keys)
    {
        var request = new List<byte>(keys.Length * 32);
        // STRLEN uses the key as GET does, and its reply is a line.
        foreach (int key in keys) request.AddRange(RespClient.Encode("STRLEN", Name(key)));
        client.Send([.. request]);
        bool[] isMissed = client.ReadZeros(keys.Length);
        request.Clear();
        int missed = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (!isMissed[i]) continue;
            request.AddRange(Set(keys[i]));
            missed++;
        }
        if (missed == 0) return 0;
        client.Send([.. request]);
        if (client.ReadLines(missed) > 0) throw new InvalidOperationException("a write was refused");
        return missed;
    }

    private static byte[] Set(int key) => RespClient.Encode("SET", Name(key), Value);

    private static string Value { get; } = string.Concat(Enumerable.Repeat(Filler, ValueSize / Filler.Length));

    private static string Name(int key) => string.Create(CultureInfo.InvariantCulture, $"key:{key:D9}");

    private static long Size(RespClient client) => long.Parse(client.AskText("DBSIZE")[0].AsSpan(1), CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
