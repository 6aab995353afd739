using Galley.Conformance.Models;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>
/// redis-server is the model: random commands go to both, in pipelines, and neither what they say nor what is left at the
/// end may differ. A failure prints its seed and the commands before it.
/// </summary>
public sealed class ModelTests(Fleet fleet, Tally tally)
{
    private const int BatchSize = 100;
    private const int DifferencesMax = 5;
    private const int ToleranceMs = 10_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    [InlineData(16384, 3)]
    public void Random_commands_are_answered_as_redis_answers_them(int partitions, int seed)
    {
        ServerProcess redis = fleet.Redis;
        ServerProcess galley = fleet.Galley(partitions);
        using RespConnection oracle = redis.Connect(30_000);
        using RespConnection ours = galley.Connect(30_000);
        oracle.Ask("FLUSHALL");
        ours.Ask("FLUSHALL");
        int total = Oracle.IsFullRun ? 1_000_000 : 10_000;
        var differences = new List<string>();
        var stream = new CommandStream(seed);
        for (int done = 0; done < total && differences.Count < DifferencesMax; done += BatchSize)
        {
            byte[][][] batch = [.. Enumerable.Range(0, BatchSize).Select(_ => stream.Next())];
            byte[] bytes = [.. batch.SelectMany(CommandLine.Encode)];
            oracle.Send(bytes);
            ours.Send(bytes);
            differences.AddRange(Compare(batch, oracle, ours, done));
        }
        tally.Compared(total);
        if (differences.Count == 0)
        {
            oracle.Ask("RESET");
            ours.Ask("RESET");
            differences.AddRange(StateDifferences(oracle, ours));
        }
        Assert.True(differences.Count == 0, $"Seed {seed}:\n" + string.Join('\n', differences));
    }

    private static List<string> Compare(byte[][][] batch, RespConnection oracle, RespConnection ours, int done)
    {
        var differences = new List<string>();
        for (int i = 0; i < batch.Length; i++)
        {
            Reply expected = oracle.Read();
            Reply actual = ours.Read();
            if (IsSame(expected, actual)) continue;
            if (differences.Count == DifferencesMax) continue;
            IEnumerable<string> before = batch[Math.Max(0, i - 12)..(i + 1)].Select(c => "      " + string.Join(' ', c.Select(w => CommandLine.Quote(w, 60))));
            differences.Add($"command {done + i}\n{string.Join('\n', before)}\n    redis    {expected}\n    galley   {actual}");
        }
        return differences;
    }

    /// <summary>The same bytes; or the same keys in another order, or numbers that tell time and are near enough.</summary>
    private static bool IsSame(Reply oracle, Reply ours)
    {
        if (oracle.Bytes.AsSpan().SequenceEqual(ours.Bytes)) return true;
        if (oracle.Type != ours.Type || oracle.Items.Count != ours.Items.Count) return false;
        if (oracle.Items.Count > 0)
        {
            return oracle.Items.Zip(ours.Items).All(p => IsSame(p.First, p.Second))
                || oracle.Items.Select(r => r.ToString()).Order(StringComparer.Ordinal)
                    .SequenceEqual(ours.Items.Select(r => r.ToString()).Order(StringComparer.Ordinal));
        }
        return oracle.Type == ':' && oracle.TryInteger(out long x) && ours.TryInteger(out long y)
            && x > 900 && y > 900 && Math.Abs(x - y) <= ToleranceMs;
    }

    private static IEnumerable<string> StateDifferences(RespConnection oracle, RespConnection ours)
    {
        for (int database = 0; database < 4; database++)
        {
            oracle.Ask("SELECT", $"{database}");
            ours.Ask("SELECT", $"{database}");
            Reply keys = oracle.Ask("KEYS", "*");
            if (!IsSame(keys, ours.Ask("KEYS", "*"))) yield return $"database {database} holds other keys: redis {keys}";
            foreach (Reply key in keys.Items)
            {
                foreach (string question in (string[])["TYPE", "GET", "STRLEN", "PTTL", "PEXPIRETIME", "OBJECT ENCODING"])
                {
                    byte[][] words = [.. CommandLine.Split(question), key.Payload!];
                    Reply expected = oracle.Ask(words);
                    Reply actual = ours.Ask(words);
                    if (!IsSame(expected, actual)) yield return $"at the end, {question} {key}: redis {expected} galley {actual}";
                }
            }
        }
    }
}
