using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Galley.LoadTests;

/// <summary>Resident bytes a key, over the level of the empty server, once the keys are written; some are read back and checked.</summary>
public static class Memory
{
    private const int BatchSize = 500;
    private const int SampleSize = 200;
    private const int WarmUpKeys = 1000;

    public static void Run(Options options, Report report)
    {
        var servers = Servers.Picked(options);
        int keys = options.Number("keys", 1_000_000);
        report.Line($"{"shape",-16}{string.Concat(servers.Select(s => $"{s.Name + " B/key",16}"))}   ours against each");
        foreach (string shape in options.List("shapes", "string,string+ttl"))
        {
            var got = new Dictionary<string, double>();
            var empty = new List<string>();
            foreach ((string name, string[] command) in servers)
            {
                using var server = new Server(name, command);
                Pour(server, WarmUpKeys, _ => ["SET", "warm", "up"]);
                long before = server.ResidentBytes;
                int errors = Pour(server, keys, i => Write(shape, i));
                Thread.Sleep(1000);
                got[name] = (server.ResidentBytes - before) / (double)keys;
                empty.Add(FormattableString.Invariant($"{name} {before >> 20}"));
                if (errors > 0 || FirstWrong(server, keys) is { }) report.Line($"# {name}, {shape}: wrong content ({errors} errors, {FirstWrong(server, keys)})");
            }
            string cells = string.Concat(servers.Select(s => FormattableString.Invariant($"{got[s.Name],16:F1}")));
            string ratios = got.TryGetValue(Servers.Ours, out double own)
                ? string.Join("  ", got.Where(p => p.Key != Servers.Ours).Select(p => FormattableString.Invariant($"{p.Key} {own / p.Value:F2}")))
                : "";
            report.Line($"{shape,-16}{cells}   {ratios}   empty MiB: {string.Join("  ", empty)}");
        }
    }

    private static string[] Write(string shape, int i) => shape switch
    {
        "string" => ["SET", Key(i), Value(i)],
        "string+ttl" => ["SET", Key(i), Value(i), "EX", "100000"],
        _ => throw new ArgumentException($"no shape '{shape}'", nameof(shape)),
    };

    /// <summary>Writes through one connection in batches; returns how many replies were errors.</summary>
    private static int Pour(Server server, int count, Func<int, string[]> command)
    {
        using RespClient client = server.Connect();
        int errors = 0;
        for (int from = 0; from < count; from += BatchSize)
        {
            int size = Math.Min(BatchSize, count - from);
            client.Send([.. Enumerable.Range(from, size).SelectMany(i => RespClient.Encode(command(i)))]);
            errors += client.ReadLines(size);
        }
        return errors;
    }

    private static string? FirstWrong(Server server, int keys)
    {
        using RespClient client = server.Connect();
        if (client.AskText("DBSIZE")[0] != FormattableString.Invariant($":{keys + 1}")) return "DBSIZE";
        for (int sample = 0; sample < SampleSize; sample++)
        {
            int i = Random.Shared.Next(keys);
            if (client.AskText("GET", Key(i)) is not [_, var value, ..] || value != Value(i)) return Key(i);
        }
        return null;
    }

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"key:{i}");

    /// <summary>32 bytes that no two keys share.</summary>
    private static string Value(int i) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Key(i))))[..32];
}
