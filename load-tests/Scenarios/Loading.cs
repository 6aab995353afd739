using System.Diagnostics;
using System.Globalization;

namespace Galley.LoadTests;

/// <summary>
/// A file of many keys of one shape, which redis-server has written, is loaded by each server that was just started (DEBUG
/// RELOAD NOSAVE of an empty one), with all that it does for the first time. Times are medians over the rounds.
/// </summary>
public static class Loading
{
    private const int BatchSize = 500;
    private const int FieldCount = 5;
    private const int ElementCount = 10;

    public static void Run(Options options, Report report)
    {
        string writer = Servers.OnPath("redis-server") ?? throw new InvalidOperationException("redis-server writes the files, and is not installed");
        var servers = Servers.Picked(options).Where(s => s.Name != "garnet").ToList();
        int keys = options.Number("keys", 1_000_000);
        string folder = Directory.CreateTempSubdirectory("galley-loading-").FullName;
        report.Line($"{"shape",-12}{"MiB",6}{string.Concat(servers.Select(s => $"{s.Name + " s",10}{"min",7}{"cpu s",7}"))}   ours against each: s, min, cpu");
        foreach (string shape in options.List("shapes", "string,string+ttl,hash,list,set,intset,zset"))
        {
            string file = WriteFile(writer, folder, shape, keys);
            var times = servers.ToDictionary(s => s.Name, _ => new List<(double Seconds, double Processor)>());
            for (int round = options.Number("rounds", 3); round > 0; round--)
                foreach ((string name, string[] command) in servers) times[name].Add(Load(name, command, folder, file, keys));
            Say(report, shape, new FileInfo(file).Length >> 20, times);
            File.Delete(file);
        }
        Directory.Delete(folder, recursive: true);
    }

    private static string WriteFile(string writer, string folder, string shape, int keys)
    {
        string file = Path.Combine(folder, $"{shape}.rdb");
        var random = new Random(7);
        using var server = new Server("redis", [writer], more: ["--dir", folder, "--dbfilename", Path.GetFileName(file)]);
        using RespClient client = server.Connect();
        for (int from = 0; from < keys; from += BatchSize)
        {
            int size = Math.Min(BatchSize, keys - from);
            client.Send([.. Enumerable.Range(from, size).SelectMany(i => RespClient.Encode(Write(shape, i, random)))]);
            if (client.ReadLines(size) > 0) throw new InvalidOperationException($"redis-server refused a {shape}");
        }
        client.AskText("SAVE");
        return file;
    }

    private static (double Seconds, double Processor) Load(string name, string[] command, string folder, string file, int keys)
    {
        string own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        string link = Path.Combine(own, "dump.rdb");
        using var server = new Server(name, command, more: ["--dir", own, "--enable-debug-command", "yes"]);
        File.CreateSymbolicLink(link, file);
        using RespClient client = server.Connect();
        double before = server.ProcessorSeconds;
        var clock = Stopwatch.StartNew();
        string reply = client.AskText("DEBUG", "RELOAD", "NOSAVE")[0];
        double seconds = clock.Elapsed.TotalSeconds;
        double processor = server.ProcessorSeconds - before;
        File.Delete(link);
        if (reply != "+OK" || client.AskText("DBSIZE")[0] != $":{keys.ToString(CultureInfo.InvariantCulture)}")
            throw new InvalidOperationException($"{name} did not load {file}: {reply}");
        return (seconds, processor);
    }

    private static void Say(Report report, string shape, long mebibytes, Dictionary<string, List<(double Seconds, double Processor)>> times)
    {
        var figures = times.ToDictionary(t => t.Key, t => (Median: Median(t.Value.Select(v => v.Seconds)), Min: t.Value.Min(v => v.Seconds),
            Processor: Median(t.Value.Select(v => v.Processor))));
        string cells = string.Concat(figures.Values.Select(f => FormattableString.Invariant($"{f.Median,10:F2}{f.Min,7:F2}{f.Processor,7:F2}")));
        string ratios = !figures.TryGetValue(Servers.Ours, out var own) ? "" : string.Join("  ", figures.Where(f => f.Key != Servers.Ours)
            .Select(f => FormattableString.Invariant($"{f.Key} {own.Median / f.Value.Median:F2} {own.Min / f.Value.Min:F2} {own.Processor / f.Value.Processor:F2}")));
        report.Line($"{shape,-12}{mebibytes,6}{cells}   {ratios}");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string[] Write(string shape, int i, Random random)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"key:{i:D8}");
        IEnumerable<string> Words(int count, Func<int, string> word) => Enumerable.Range(0, count).Select(word);
        return shape switch
        {
            "string" => ["SET", key, Hex(random) + Hex(random)],
            "string+ttl" => ["SET", key, Hex(random) + Hex(random), "EX", Number(random.Next(500_000, 1_500_000))],
            "hash" => ["HSET", key, .. Words(FieldCount * 2, n => n % 2 == 0 ? $"field{Number(n)}" : Hex(random))],
            "list" => ["RPUSH", key, .. Words(ElementCount, _ => Hex(random))],
            "set" => ["SADD", key, .. Words(ElementCount, _ => "m" + Hex(random))],
            "intset" => ["SADD", key, .. Words(ElementCount, _ => Number(random.Next(1 << 20)))],
            "zset" => ["ZADD", key, .. Words(ElementCount * 2, n => n % 2 == 0 ? Number(random.Next(1 << 16)) : "m" + Hex(random))],
            _ => throw new ArgumentException($"no shape '{shape}'", nameof(shape)),
        };
    }

    private static string Hex(Random random) => random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
