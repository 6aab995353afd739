using Galley.Resp.Protocol;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.SortedSets;

internal static class ZRangeStore
{
    [Command("ZRANGESTORE", "dst:key src:key min max [BYSCORE | BYLEX] [REV] [LIMIT offset:integer count:integer]",
        Group.SortedSet, Flags.Write | Flags.DenyOom, Since = "6.2.0", Cost = "O(log N + M) for M elements stored",
        Keys = "OW UPDATE; RO ACCESS", Summary = "Stores the elements of a sorted set between two ranks, scores or members in another key.")]
    public static void Run(Execution x)
    {
        if (!RangeQuery.TryRead(x, 3, null, null, takesScores: false, out RangeQuery query)) return;
        if (!SortedSetArgument.TryRead(x, 2, out Key source)) return;
        RankRange ranks = query.In(in source);
        using var result = new SortedSetDraft(x.Server.Databases);
        if (ranks.Count > 0) Copy(x.Server.Settings, in source, ranks, in query, result);
        result.Sort();
        SortedSetStore.Put(x, 1, result, "zrangestore"u8);
    }

    /// <summary>
    /// redis-server begins with a listpack, in which zero loses its sign, unless it knows that there will be too many
    /// elements; and goes on without when they are.
    /// </summary>
    private static void Copy(Settings settings, in Key source, RankRange ranks, in RangeQuery query, SortedSetDraft result)
    {
        bool losesSigns = !query.IsByRank || ranks.Count <= settings.SortedSetListpackEntriesMax;
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        SortedWalk walk = ranks.Walk(in source, query.IsReversed);
        for (long i = 0; i < ranks.Count && walk.TryNext(out ListPackElement element, out double score); i++)
        {
            ReadOnlySpan<byte> member = element.TextIn(digits);
            losesSigns &= i < settings.SortedSetListpackEntriesMax && member.Length <= settings.SortedSetListpackValueBytesMax;
            result.Add(member, losesSigns && score == 0 ? 0 : score);
        }
    }
}
