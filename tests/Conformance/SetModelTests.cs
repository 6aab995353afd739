using System.Text;
using Galley.Conformance.Models;
using Galley.Conformance.Servers;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>
/// As <see cref="ModelTests"/>, of sets and SORT. Replies without an order are compared as sets. What Galley has taken at
/// random is taken out of redis-server by name, and must have been there.
/// </summary>
public sealed class SetModelTests(Fleet fleet, Tally tally)
{
    private const int DifferencesMax = 5;

    private static readonly string[] Unordered = ["SMEMBERS", "SINTER", "SUNION", "SDIFF"];
    private static readonly string[] Keys = ["s0", "s1", "s2", "s3", "i0", "i1", "i2", "d", "t", "l"];

    private readonly List<string> _differences = [];
    private RespConnection _redis = null!;
    private RespConnection _galley = null!;

    /// <summary>With redis-server's threshold of the intset, and with others.</summary>
    [Theory]
    [InlineData(1, 2, 512)]
    [InlineData(2, 3, 512)]
    [InlineData(3, 2, 10)]
    [InlineData(4, 3, 2000)]
    [InlineData(5, 2, 100)]
    public void Random_commands_on_sets_are_answered_as_redis_answers_them(int seed, int resp, int integers)
    {
        using (_redis = fleet.Redis.Connect(30_000))
        using (_galley = fleet.Galley().Connect(30_000))
        {
            Tell("FLUSHALL", $"HELLO {resp}", $"CONFIG SET set-max-intset-entries {integers}");
            int total = Oracle.IsFullRun ? 200_000 : 6_000;
            var stream = new SetStream(seed);
            for (int done = 0; done < total && _differences.Count < DifferencesMax; done++) Play(stream.Next());
            foreach (string key in Keys) Compare(CommandLine.Split($"DEBUG DIGEST-VALUE {key}"));
            tally.Compared(total);
            Tell("CONFIG SET set-max-intset-entries 512");
        }
        Assert.True(_differences.Count == 0, $"Seed {seed}:\n" + string.Join('\n', _differences.Take(DifferencesMax)));
    }

    private void Tell(params string[] commands)
    {
        foreach (string command in commands)
        {
            _redis.Ask(CommandLine.Split(command));
            _galley.Ask(CommandLine.Split(command));
        }
    }

    private void Play(byte[][] command)
    {
        switch (Encoding.ASCII.GetString(command[0]))
        {
            case "SPOP":
                PlayPop(command);
                break;
            case "SRANDMEMBER":
                PlayDraw(command);
                break;
            default:
                Compare(command);
                break;
        }
    }

    private void Compare(byte[][] command)
    {
        Reply expected = _redis.Ask(command);
        Reply actual = _galley.Ask(command);
        if (expected.Bytes.AsSpan().SequenceEqual(actual.Bytes)) return;
        bool hasNoOrder = Unordered.Contains(Encoding.ASCII.GetString(command[0]));
        if (hasNoOrder && expected.Type == actual.Type && Texts(expected).SequenceEqual(Texts(actual))) return;
        if (expected.Text == "hashtable" && actual.Text == "listpack")
        {
            tally.Count(Reason.SetListpack);
            return;
        }
        Differ(command, expected, actual);
    }

    /// <summary>What Galley has popped, redis-server takes out too.</summary>
    private void PlayPop(byte[][] command)
    {
        Reply actual = _galley.Ask(command);
        byte[][] members = Members(actual);
        if (members.Length == 0)
        {
            Reply none = _redis.Ask(command);
            if (!none.Bytes.AsSpan().SequenceEqual(actual.Bytes)) Differ(command, none, actual);
            return;
        }
        _redis.Ask([.. new[] { "SREM"u8.ToArray(), command[1] }, .. members]).TryInteger(out long removed);
        long wanted = command.Length == 2 ? 1 : long.Parse(Encoding.ASCII.GetString(command[2]));
        bool isWhole = members.Length == wanted || (members.Length < wanted && IsGone(command[1]));
        if (removed != members.Length || !isWhole) _differences.Add($"{Line(command)}\n    galley   {actual}, of which redis had {removed}");
    }

    /// <summary>What Galley has drawn is in redis-server's set, as often as was asked for.</summary>
    private void PlayDraw(byte[][] command)
    {
        Reply actual = _galley.Ask(command);
        Reply expected = _redis.Ask(command);
        byte[][] members = Members(actual);
        bool isSame = expected.Type == actual.Type && expected.Items.Count == actual.Items.Count;
        if (members.Length > 0)
            isSame &= _redis.Ask([.. new[] { "SMISMEMBER"u8.ToArray(), command[1] }, .. members]).Items.All(r => r.TryInteger(out long there) && there == 1);
        bool repeats = command.Length == 3 && command[2][0] == '-';
        if (!repeats) isSame &= members.Select(Encoding.Latin1.GetString).Distinct().Count() == members.Length;
        if (!isSame) Differ(command, expected, actual);
    }

    private bool IsGone(byte[] key) => _redis.Ask(["EXISTS"u8.ToArray(), key]).TryInteger(out long exists) && exists == 0;

    private void Differ(byte[][] command, Reply expected, Reply actual) =>
        _differences.Add($"{Line(command)}\n    redis    {expected}\n    galley   {actual}");

    private static string Line(byte[][] command) => string.Join(' ', command.Select(word => CommandLine.Quote(word, 60)));

    private static IEnumerable<string> Texts(Reply reply) => reply.Items.Select(r => r.ToString()).Order(StringComparer.Ordinal);

    private static byte[][] Members(Reply reply) =>
        reply.Items.Count > 0 ? [.. reply.Items.Select(r => r.Payload!)] : reply is { Type: '$', Payload: { } single } ? [single] : [];
}
