using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.SortedSets;

internal static class ZRandMember
{
    /// <summary>If more than one element in so many is asked for, a walk over all of them is cheaper than to draw.</summary>
    private const int DrawnShare = 8;

    [Command("ZRANDMEMBER", "key [count:integer [WITHSCORES]]", Group.SortedSet, Flags.ReadOnly, Since = "6.2.0",
        Cost = "O(N log M) for N elements replied of M", Tips = "nondeterministic_output",
        Summary = "Tells elements at random: different ones, or with a negative count any.")]
    public static void Run(Execution x)
    {
        if (x.Args.Count == 2) One(x);
        else if (TryReadCount(x, out long count, out bool withScores)) Many(x, count, withScores);
    }

    private static bool TryReadCount(Execution x, out long count, out bool withScores)
    {
        withScores = x.Args.Count == 4 && x.Is(3, "WITHSCORES"u8);
        if (!x.TryInteger(2, out count)) return false;
        if (count == long.MinValue)
            x.Reply.Error("ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"u8);
        else if (x.Args.Count > 3 && !withScores) x.Reply.Error(Errors.Syntax);
        else if (count < -CountArgument.RepeatedMax || (withScores && count > long.MaxValue / 2)) x.Reply.Error(Errors.OutOfRange);
        else return true;
        return false;
    }

    private static void One(Execution x)
    {
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Null();
            return;
        }
        SortedWalk walk = SortedSetValue.Walk(in key, Random.Shared.NextInt64(SortedSetValue.Count(in key)));
        walk.TryNext(out ListPackElement member, out _);
        member.SendTo(x.Reply);
    }

    private static void Many(Execution x, long count, bool withScores)
    {
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        long total = SortedSetValue.Count(in key);
        if (count > 0) count = Math.Min(count, total);
        if (count == 0 || total == 0)
        {
            x.Reply.Array(0);
            return;
        }
        int replied = (int)Math.Abs(count);
        if (withScores) x.Reply.Pairs(replied);
        else x.Reply.Array(replied);
        if (count < 0) SendAny(x.Reply, in key, replied, withScores);
        else if (count > total / DrawnShare) SendSelected(x.Reply, in key, replied, withScores);
        else SendDrawn(x.Reply, in key, replied, withScores);
    }

    private static void SendAny(RespWriter reply, in Key key, int count, bool withScores)
    {
        long total = SortedSetValue.Count(in key);
        for (; count > 0; count--) SendAt(reply, in key, Random.Shared.NextInt64(total), withScores);
    }

    /// <summary>Walks over all elements, and takes each with the chance that is left for it.</summary>
    private static void SendSelected(RespWriter reply, in Key key, long wanted, bool withScores)
    {
        long left = SortedSetValue.Count(in key);
        SortedWalk walk = SortedSetValue.Walk(in key, left - 1, isBackward: true);
        for (; wanted > 0 && walk.TryNext(out ListPackElement member, out double score); left--)
        {
            if (Random.Shared.NextInt64(left) >= wanted) continue;
            Send(reply, member, score, withScores);
            wanted--;
        }
    }

    /// <summary>Draws ranks until so many different ones were met.</summary>
    private static void SendDrawn(RespWriter reply, in Key key, int wanted, bool withScores)
    {
        long total = SortedSetValue.Count(in key);
        var drawn = new HashSet<long>(wanted);
        while (drawn.Count < wanted)
        {
            long rank = Random.Shared.NextInt64(total);
            if (drawn.Add(rank)) SendAt(reply, in key, rank, withScores);
        }
    }

    private static void SendAt(RespWriter reply, in Key key, long rank, bool withScores)
    {
        SortedWalk walk = SortedSetValue.Walk(in key, rank);
        walk.TryNext(out ListPackElement member, out double score);
        Send(reply, member, score, withScores);
    }

    private static void Send(RespWriter reply, ListPackElement member, double score, bool withScores)
    {
        if (withScores) reply.Pair();
        member.SendTo(reply);
        if (withScores) reply.Double(score);
    }
}
