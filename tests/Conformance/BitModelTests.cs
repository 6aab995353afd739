using Galley.Conformance.Models;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>As <see cref="ModelTests"/>, of bits and HyperLogLogs: not a byte of a reply or of a value may differ.</summary>
public sealed class BitModelTests(Fleet fleet, Tally tally)
{
    private const int BatchSize = 100;
    private const int DifferencesMax = 5;

    /// <summary>After so many batches every value is looked at.</summary>
    private const int BatchesBetweenLooks = 10;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void Random_commands_on_bits_are_answered_as_redis_answers_them(int seed, int resp)
    {
        var stream = new BitStream(seed);
        Play(stream.Next, seed, resp, BitStream.Keys);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public void Random_commands_on_HyperLogLogs_are_answered_as_redis_answers_them(int seed, int resp)
    {
        var stream = new HyperLogLogStream(seed);
        Play(stream.Next, seed, resp, HyperLogLogStream.Keys);
    }

    private void Play(Func<byte[][]> next, int seed, int resp, IReadOnlyList<string> keys)
    {
        using RespConnection oracle = fleet.Redis.Connect(30_000);
        using RespConnection ours = fleet.Galley().Connect(30_000);
        var differences = new List<string>();
        foreach (string command in (string[])["FLUSHALL", $"HELLO {resp}", "RPUSH list x", "SET s foo", "CONFIG SET hll-sparse-max-bytes 3000"]) AskBoth(command);
        int total = Oracle.IsFullRun ? 400_000 : 8_000;
        for (int done = 0; done < total && differences.Count < DifferencesMax; done += BatchSize)
        {
            byte[][][] batch = [.. Enumerable.Range(0, BatchSize).Select(_ => next())];
            byte[] sent = [.. batch.SelectMany(CommandLine.Encode)];
            oracle.Send(sent);
            ours.Send(sent);
            foreach (byte[][] command in batch) Compare(command, oracle.Read(), ours.Read());
            if (done / BatchSize % BatchesBetweenLooks == 0) Look();
        }
        Look();
        AskBoth("CONFIG SET hll-sparse-max-bytes 3000");
        tally.Compared(total);
        Assert.True(differences.Count == 0, $"Seed {seed}:\n" + string.Join('\n', differences.Take(DifferencesMax)));

        void AskBoth(string command)
        {
            oracle.Ask(CommandLine.Split(command));
            ours.Ask(CommandLine.Split(command));
        }

        void Look()
        {
            foreach (string question in keys.SelectMany(key => (string[])[$"GET {key}", $"OBJECT ENCODING {key}"]))
                Compare(CommandLine.Split(question), oracle.Ask(CommandLine.Split(question)), ours.Ask(CommandLine.Split(question)));
        }

        void Compare(byte[][] command, Reply expected, Reply actual)
        {
            if (expected.Bytes.AsSpan().SequenceEqual(actual.Bytes)) return;
            string line = string.Join(' ', command.Select(word => CommandLine.Quote(word, 60)));
            differences.Add($"{line}\n    redis    {expected}\n    galley   {actual}");
        }
    }
}
