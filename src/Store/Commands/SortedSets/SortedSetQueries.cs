using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.SortedSets;

/// <summary>What is asked of a single sorted set: how many elements, what score, what rank.</summary>
internal static class SortedSetQueries
{
    [Command("ZCARD", "key", Group.SortedSet, Flags.ReadOnly | Flags.Fast, Since = "1.2.0", Cost = "O(1)", Keys = "RO",
        Summary = "Counts the members of a sorted set.")]
    public static void Count(Execution x)
    {
        if (SortedSetArgument.TryRead(x, 1, out Key key)) x.Reply.Integer(SortedSetValue.Count(in key));
    }

    [Command("ZCOUNT", "key min:double max:double", Group.SortedSet, Flags.ReadOnly | Flags.Fast, Since = "2.0.0", Cost = "O(log N)",
        Summary = "Counts the members between two scores.")]
    public static void CountByScore(Execution x) => CountRange(x, RangeKind.Score);

    [Command("ZLEXCOUNT", "key min max", Group.SortedSet, Flags.ReadOnly | Flags.Fast, Since = "2.8.9", Cost = "O(log N)",
        Summary = "Counts the members between two members, where all scores are the same.")]
    public static void CountByMember(Execution x) => CountRange(x, RangeKind.Member);

    [Command("ZSCORE", "key member", Group.SortedSet, Flags.ReadOnly | Flags.Fast, Since = "1.2.0", Cost = "O(1)",
        Summary = "Tells the score of a member.")]
    public static void Score(Execution x)
    {
        if (SortedSetArgument.TryRead(x, 1, out Key key)) SendScore(x, in key, 2);
    }

    [Command("ZMSCORE", "key member [member ...]", Group.SortedSet, Flags.ReadOnly | Flags.Fast, Since = "6.2.0",
        Cost = "O(1) for each member", Summary = "Tells the scores of several members.")]
    public static void Scores(Execution x)
    {
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        x.Reply.Array(x.Args.Count - 2);
        for (int i = 2; i < x.Args.Count; i++) SendScore(x, in key, i);
    }

    [Command("ZRANK", "key member [WITHSCORE]", Group.SortedSet, Flags.ReadOnly | Flags.Fast, Since = "2.0.0", Cost = "O(log N)",
        Summary = "Tells the rank of a member, from the lowest score on.")]
    public static void Rank(Execution x) => SendRank(x, isReversed: false);

    [Command("ZREVRANK", "key member [WITHSCORE]", Group.SortedSet, Flags.ReadOnly | Flags.Fast, Since = "2.0.0", Cost = "O(log N)",
        Summary = "Tells the rank of a member, from the highest score down.")]
    public static void RankReversed(Execution x) => SendRank(x, isReversed: true);

    private static void CountRange(Execution x, RangeKind kind)
    {
        if (!SortedRange.TryRead(x, kind, 2, 3, out SortedRange range)) return;
        if (SortedSetArgument.TryRead(x, 1, out Key key)) x.Reply.Integer(range.In(in key).Count);
    }

    private static void SendScore(Execution x, in Key key, int member)
    {
        if (SortedSetValue.TryGetScore(in key, x.Args[member], out double score)) x.Reply.Double(score);
        else x.Reply.Null();
    }

    private static void SendRank(Execution x, bool isReversed)
    {
        if (x.Args.Count > 4)
        {
            x.Reply.Error(Errors.WrongArity(x.CommandName));
            return;
        }
        bool withScore = x.Args.Count == 4;
        if (withScore && !x.Is(3, "WITHSCORE"u8))
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        long rank = SortedSetValue.RankOf(in key, x.Args[2], out double score);
        if (rank < 0)
        {
            if (withScore) x.Reply.NullArray();
            else x.Reply.Null();
            return;
        }
        if (withScore) x.Reply.Array(2);
        x.Reply.Integer(isReversed ? SortedSetValue.Count(in key) - 1 - rank : rank);
        if (withScore) x.Reply.Double(score);
    }
}
