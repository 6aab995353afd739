using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.SortedSets;

/// <summary>ZRANGE, and the commands from before it that are each a part of what it does.</summary>
internal static class ZRange
{
    private const string Cost = "O(log N + M) for M elements replied";

    [Command("ZRANGE", "key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset:integer count:integer] [WITHSCORES]",
        Group.SortedSet, Flags.ReadOnly, Since = "1.2.0", Cost = Cost,
        Summary = "Lists the elements of a sorted set between two ranks, scores or members.")]
    public static void Any(Execution x) => Run(x, null, null);

    [Command("ZREVRANGE", "key start:integer stop:integer [WITHSCORES]", Group.SortedSet, Flags.ReadOnly, Since = "1.2.0", Cost = Cost,
        DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `REV` argument",
        Summary = "Lists the elements between two ranks, from the highest score down.")]
    public static void ByRankReversed(Execution x) => Run(x, RangeKind.Rank, isReversed: true);

    [Command("ZRANGEBYSCORE", "key min:double max:double [WITHSCORES] [LIMIT offset:integer count:integer]",
        Group.SortedSet, Flags.ReadOnly, Since = "1.0.5", Cost = Cost, DeprecatedSince = "6.2.0",
        ReplacedBy = "`ZRANGE` with the `BYSCORE` argument", Summary = "Lists the elements between two scores.")]
    public static void ByScore(Execution x) => Run(x, RangeKind.Score, isReversed: false);

    [Command("ZREVRANGEBYSCORE", "key max:double min:double [WITHSCORES] [LIMIT offset:integer count:integer]",
        Group.SortedSet, Flags.ReadOnly, Since = "2.2.0", Cost = Cost, DeprecatedSince = "6.2.0",
        ReplacedBy = "`ZRANGE` with the `REV` and `BYSCORE` arguments", Summary = "Lists the elements between two scores, from the highest down.")]
    public static void ByScoreReversed(Execution x) => Run(x, RangeKind.Score, isReversed: true);

    [Command("ZRANGEBYLEX", "key min max [LIMIT offset:integer count:integer]", Group.SortedSet, Flags.ReadOnly, Since = "2.8.9",
        Cost = Cost, DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `BYLEX` argument",
        Summary = "Lists the members between two members, where all scores are the same.")]
    public static void ByMember(Execution x) => Run(x, RangeKind.Member, isReversed: false);

    [Command("ZREVRANGEBYLEX", "key max min [LIMIT offset:integer count:integer]", Group.SortedSet, Flags.ReadOnly, Since = "2.8.9",
        Cost = Cost, DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `REV` and `BYLEX` arguments",
        Summary = "Lists the members between two members, from the highest down.")]
    public static void ByMemberReversed(Execution x) => Run(x, RangeKind.Member, isReversed: true);

    private static void Run(Execution x, RangeKind? kind, bool? isReversed)
    {
        if (!RangeQuery.TryRead(x, 2, kind, isReversed, takesScores: true, out RangeQuery query)) return;
        if (!SortedSetArgument.TryRead(x, 1, out Key key)) return;
        RankRange ranks = query.In(in key);
        if (ranks.Count == 0) x.Reply.Array(0);
        else if (query.WithScores) SendPairs(x, in key, ranks, query.IsReversed);
        else SendMembers(x, in key, ranks, query.IsReversed);
    }

    private static void SendMembers(Execution x, in Key key, RankRange ranks, bool isReversed)
    {
        x.Reply.Array((int)ranks.Count);
        SortedWalk walk = ranks.Walk(in key, isReversed);
        for (long i = 0; i < ranks.Count && walk.TryNext(out ListPackElement member, out _); i++) member.SendTo(x.Reply);
    }

    private static void SendPairs(Execution x, in Key key, RankRange ranks, bool isReversed)
    {
        x.Reply.Pairs((int)ranks.Count);
        SortedWalk walk = ranks.Walk(in key, isReversed);
        for (long i = 0; i < ranks.Count && walk.TryNext(out ListPackElement member, out double score); i++)
        {
            x.Reply.Pair();
            member.SendTo(x.Reply);
            x.Reply.Double(score);
        }
    }
}
