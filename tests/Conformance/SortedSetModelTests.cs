using Galley.Conformance.Models;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>As <see cref="ModelTests"/>, of sorted sets and geo, whose replies have an order: not a byte may differ.</summary>
public sealed class SortedSetModelTests(Fleet fleet, Tally tally)
{
    private const int BatchSize = 100;
    private const int DifferencesMax = 5;

    /// <summary>With redis-server's thresholds of the listpack, and with others.</summary>
    [Theory]
    [InlineData(1, 2, 128, 64)]
    [InlineData(2, 3, 128, 64)]
    [InlineData(3, 2, 20, 8)]
    [InlineData(4, 3, 512, 300)]
    [InlineData(5, 2, 0, 64)]
    public void Random_commands_on_sorted_sets_are_answered_as_redis_answers_them(int seed, int resp, int entries, int bytes)
    {
        var stream = new SortedSetStream(seed);
        Play(stream.Next, seed, resp, [$"CONFIG SET zset-max-listpack-entries {entries}", $"CONFIG SET zset-max-listpack-value {bytes}"],
            ["z0", "z1", "z2", "z3", "lex", "d"]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void Random_geo_commands_are_answered_as_redis_answers_them(int seed, int resp)
    {
        var stream = new GeoStream(seed);
        Play(stream.Next, seed, resp, [], ["g", "h", "d"]);
    }

    private void Play(Func<byte[][]> next, int seed, int resp, string[] settings, string[] keys)
    {
        using RespConnection oracle = fleet.Redis.Connect(30_000);
        using RespConnection ours = fleet.Galley().Connect(30_000);
        foreach (string command in (string[])["FLUSHALL", $"HELLO {resp}", .. settings])
        {
            oracle.Ask(CommandLine.Split(command));
            ours.Ask(CommandLine.Split(command));
        }
        int total = Oracle.IsFullRun ? 400_000 : 6_000;
        var differences = new List<string>();
        for (int done = 0; done < total && differences.Count < DifferencesMax; done += BatchSize)
        {
            byte[][][] batch = [.. Enumerable.Range(0, BatchSize).Select(_ => next())];
            byte[] sent = [.. batch.SelectMany(CommandLine.Encode)];
            oracle.Send(sent);
            ours.Send(sent);
            foreach (byte[][] command in batch) Compare(command, oracle.Read(), ours.Read());
        }
        foreach (string key in keys)
        {
            foreach (string question in (string[])[$"ZRANGE {key} 0 -1 WITHSCORES", $"OBJECT ENCODING {key}"])
                Compare(CommandLine.Split(question), oracle.Ask(CommandLine.Split(question)), ours.Ask(CommandLine.Split(question)));
        }
        tally.Compared(total);
        foreach (string command in (string[])["CONFIG SET zset-max-listpack-entries 128", "CONFIG SET zset-max-listpack-value 64"])
        {
            oracle.Ask(CommandLine.Split(command));
            ours.Ask(CommandLine.Split(command));
        }
        Assert.True(differences.Count == 0, $"Seed {seed}:\n" + string.Join('\n', differences.Take(DifferencesMax)));

        void Compare(byte[][] command, Reply expected, Reply actual)
        {
            if (expected.Bytes.AsSpan().SequenceEqual(actual.Bytes)) return;
            string line = string.Join(' ', command.Select(word => CommandLine.Quote(word, 60)));
            differences.Add($"{line}\n    redis    {expected}\n    galley   {actual}");
        }
    }
}
