using System.Collections.Frozen;
using Galley.Conformance.Transcripts;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Models;

/// <summary>
/// Compares replies to the byte, but for those whose order nobody promises, those at random, and times that are near
/// enough. It remembers what a transaction has queued, so that the replies of EXEC are compared as each command's.
/// </summary>
public sealed class ReplyComparison
{
    private const int ToleranceMs = 20_000;

    private static readonly FrozenSet<string> Sets = FrozenSet.Create("SMEMBERS", "SINTER", "SUNION", "SDIFF", "HKEYS", "HVALS", "KEYS", "SCAN", "SSCAN");
    private static readonly FrozenSet<string> Maps = FrozenSet.Create("HGETALL", "HSCAN", "ZSCAN");
    private static readonly FrozenSet<string> Random = FrozenSet.Create("SPOP", "SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER", "RANDOMKEY");
    private static readonly FrozenDictionary<string, NearFields> NearlySame = new Dictionary<string, NearFields>
    {
        ["XINFO"] = NearFields.Parse("?idle,?seen-time,?radix-tree-nodes,2/4,1/3,+inactive,+active-time,+nacked-count"),
        ["XPENDING"] = NearFields.Parse("2/4"),
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Times = FrozenSet.Create("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME");

    private readonly List<ModelCommand> _queued = [];
    private bool _isQueueing;

    /// <summary>A command and its replies, or each of those that an EXEC has run.</summary>
    public event Action<ModelCommand, Reply, Reply>? Answered;

    public bool IsSame(ModelCommand command, Reply oracle, Reply ours)
    {
        if (_isQueueing && oracle.Text == "QUEUED") _queued.Add(command);
        else if (command.Name == "EXEC" && oracle.Items.Count == _queued.Count && _queued.Count > 0) return IsSameTransaction(oracle, ours);
        else Answered?.Invoke(command, oracle, ours);
        if (command.Name == "MULTI" && oracle.Text == "OK") _isQueueing = true;
        else if (command.Name is "EXEC" or "DISCARD") EndQueue();
        return IsSameReply(command, oracle, ours);
    }

    private bool IsSameTransaction(Reply oracle, Reply ours)
    {
        ModelCommand[] commands = [.. _queued];
        EndQueue();
        if (ours.Items.Count != commands.Length) return false;
        bool isSame = true;
        for (int i = 0; i < commands.Length; i++)
        {
            Answered?.Invoke(commands[i], oracle.Items[i], ours.Items[i]);
            isSame &= IsSameReply(commands[i], oracle.Items[i], ours.Items[i]);
        }
        return isSame;
    }

    private void EndQueue()
    {
        _isQueueing = false;
        _queued.Clear();
    }

    private static bool IsSameReply(ModelCommand command, Reply oracle, Reply ours)
    {
        if (oracle.Bytes.AsSpan().SequenceEqual(ours.Bytes)) return true;
        if (oracle.IsError || ours.IsError || oracle.IsMissing) return false;
        if (Sets.Contains(command.Name)) return IsSameInAnyOrder(oracle, ours, 1);
        if (Maps.Contains(command.Name)) return IsSameInAnyOrder(oracle, ours, 2);
        if (Random.Contains(command.Name)) return IsSameShape(oracle, ours);
        if (Times.Contains(command.Name)) return AreNear(oracle, ours);
        if (NearlySame.TryGetValue(command.Name, out NearFields? fields)) return fields.AreSame(oracle, ours);
        return command.Name == "OBJECT" && IsSameEncoding(oracle.Text, ours.Text);
    }

    /// <summary>The set's listpack came with Redis 7.2.</summary>
    public static bool IsSameEncoding(string oracle, string ours) => oracle == ours || (oracle == "hashtable" && ours == "listpack");

    /// <summary>What XINFO or XPENDING tells; when a consumer was last seen, newer servers say otherwise than 7.0.15.</summary>
    public static bool AreNearlySame(string command, Reply oracle, Reply ours) => NearlySame[command].AreSame(oracle, ours);

    public static bool IsSameInAnyOrder(Reply oracle, Reply ours, int stride)
    {
        if (oracle.Type != ours.Type || oracle.Items.Count != ours.Items.Count) return false;
        // What a SCAN has found is the second of two.
        if (oracle.Items.Count == 2 && oracle.Items[1].Type == '*')
            return oracle.Items[0].Text == ours.Items[0].Text && IsSameInAnyOrder(oracle.Items[1], ours.Items[1], stride);
        return Sorted(oracle, stride).SequenceEqual(Sorted(ours, stride));
    }

    /// <summary>-1 and -2 are no times.</summary>
    public static bool AreNear(Reply oracle, Reply ours) =>
        oracle.TryInteger(out long x) && ours.TryInteger(out long y) && (x == y || (x >= 0 && y >= 0 && Math.Abs(x - y) <= ToleranceMs));

    private static IEnumerable<string> Sorted(Reply reply, int stride) =>
        reply.Items.Select(item => item.Text).Chunk(stride).Select(chunk => string.Join('\0', chunk)).Order(StringComparer.Ordinal);

    private static bool IsSameShape(Reply oracle, Reply ours) =>
        oracle.Type == ours.Type && oracle.Items.Count == ours.Items.Count && oracle.Payload is null == ours.Payload is null
        && oracle.Items.Zip(ours.Items).All(pair => IsSameShape(pair.First, pair.Second));
}
