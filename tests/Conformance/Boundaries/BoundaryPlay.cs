using Galley.Conformance.Models;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Boundaries;

/// <summary>A call with one number, what is done before it, and how it is compared.</summary>
internal sealed record BoundaryCase(IReadOnlyList<string> Before, string Call, ReplyRule Rule)
{
    /// <summary>It could keep its client waiting: it runs in a transaction, where nobody waits.</summary>
    public bool MayBlock { get; init; }

    /// <summary>What is left of the keys is compared, too.</summary>
    public bool ComparesKeys { get; init; } = true;
}

/// <summary>Plays cases to redis-server and Galley in pipelines, and compares replies, values and times to live.</summary>
internal sealed class BoundaryPlay : IDisposable
{
    private const int BatchCases = 100;

    /// <summary>PFSELFTEST takes redis-server seconds, and a busy machine many of them.</summary>
    private const int PatienceMs = 300_000;

    // A key whose time is over goes when it is next asked for, and the digest does not ask.
    private static readonly byte[][] After = [CommandLine.Encode("PEXPIRETIME", "k"), CommandLine.Encode("DEBUG", "DIGEST-VALUE", "k", "k2", "l", "d", "same")];

    // Redis 7.2 brought this encoding, and 7.0.15 does not know the setting.
    private const string SetListpack = "set-max-listpack-entries";

    private readonly ServerProcess _server;
    private readonly RespConnection _redis;
    private readonly RespConnection _galley;

    public BoundaryPlay(ServerProcess redis, ServerProcess galley, int resp)
    {
        _server = galley;
        _redis = redis.Connect(PatienceMs);
        _galley = galley.Connect(PatienceMs);
        foreach (RespConnection connection in (RespConnection[])[_redis, _galley])
        {
            connection.Ask("FLUSHALL");
            connection.Ask("HELLO", $"{resp}");
            connection.Ask("CONFIG", "SET", SetListpack, "0");
            foreach ((string type, string maker) in BoundaryKeys.Makers) connection.AskLine(maker.Replace("{}", "source:" + type, StringComparison.Ordinal));
        }
    }

    public List<string> Differences { get; } = [];

    public int Compared { get; private set; }

    public void Play(IEnumerable<BoundaryCase> cases)
    {
        foreach (BoundaryCase[] batch in cases.Chunk(BatchCases))
        {
            _redis.Send([.. batch.SelectMany(one => Bytes(one, asked: one.Rule != ReplyRule.AnyReply))]);
            _galley.Send([.. batch.SelectMany(one => Bytes(one, asked: true))]);
            if (Array.TrueForAll(batch, Compare)) continue;
            Differences.Add($"No further: one from {batch[0].Call} to {batch[^1].Call} ended the conversation\n{_server.Log}");
            return;
        }
    }

    public void Dispose()
    {
        _galley.Ask("CONFIG", "SET", SetListpack, "128");
        _redis.Dispose();
        _galley.Dispose();
    }

    private static IEnumerable<byte> Bytes(BoundaryCase one, bool asked)
    {
        IEnumerable<string> lines = one.Before;
        if (asked) lines = lines.Concat(one.MayBlock ? ["MULTI", one.Call, "EXEC"] : [one.Call]);
        IEnumerable<byte[]> commands = lines.Select(line => CommandLine.Encode(CommandLine.Split(line)));
        return (one.ComparesKeys ? commands.Concat(After) : commands).SelectMany(bytes => bytes);
    }

    /// <summary>False where one of the servers has gone silent.</summary>
    private bool Compare(BoundaryCase one)
    {
        Compared++;
        Answer expected = Read(_redis, one, asked: one.Rule != ReplyRule.AnyReply);
        Answer actual = Read(_galley, one, asked: true);
        if (expected.IsMissing || actual.IsMissing) return false;
        if (!IsSame(one, expected.Said, actual.Said!)) Differ(one, "", expected.Said, actual.Said);
        if (one.Rule == ReplyRule.AnyReply || !one.ComparesKeys) return true;
        if (!expected.Digests!.Bytes.AsSpan().SequenceEqual(actual.Digests!.Bytes)) Differ(one, " leaves other values", expected.Digests, actual.Digests);
        if (!ReplyComparison.AreNear(expected.Expiry!, actual.Expiry!)) Differ(one, " leaves another time to live", expected.Expiry, actual.Expiry);
        return true;
    }

    private void Differ(BoundaryCase one, string what, Reply? expected, Reply? actual) => Differences.Add(
        $"{one.Call} (after {string.Join("; ", one.Before)}){what}\n    redis    {expected}\n    galley   {actual}");

    private static Answer Read(RespConnection connection, BoundaryCase one, bool asked)
    {
        for (int i = 0; i < one.Before.Count; i++) connection.Read();
        Reply? said = asked ? connection.Read() : null;
        if (asked && one.MayBlock)
        {
            Reply queued = connection.Read();
            Reply executed = connection.Read();
            said = queued.IsError ? queued : executed;
        }
        return one.ComparesKeys ? new Answer(said, connection.Read(), connection.Read()) : new Answer(said, null, null);
    }

    private static bool IsSame(BoundaryCase one, Reply? oracle, Reply ours) => one.Rule switch
    {
        ReplyRule.Times => ReplyComparison.AreNearlySame(one.Call.Split(' ')[0], oracle!, ours),
        ReplyRule.AnyReply => !ours.IsMissing,
        ReplyRule.Unordered when oracle!.Items.Count > 0 => ReplyComparison.IsSameInAnyOrder(oracle, ours, stride: 1),
        ReplyRule.Shape => IsSameShape(oracle!, ours),
        ReplyRule.Errors when !oracle!.IsError => !ours.IsError && !ours.IsMissing,
        _ => oracle!.Bytes.AsSpan().SequenceEqual(ours.Bytes),
    };

    private static bool IsSameShape(Reply oracle, Reply ours) => oracle.IsError || ours.IsError
        ? oracle.Bytes.AsSpan().SequenceEqual(ours.Bytes)
        : oracle.Type == ours.Type && oracle.Items.Count == ours.Items.Count && oracle.Payload is null == ours.Payload is null
            && oracle.Items.Zip(ours.Items).All(pair => IsSameShape(pair.First, pair.Second));

    private sealed record Answer(Reply? Said, Reply? Expiry, Reply? Digests)
    {
        public bool IsMissing => Said is { IsMissing: true } || Digests is { IsMissing: true };
    }
}
