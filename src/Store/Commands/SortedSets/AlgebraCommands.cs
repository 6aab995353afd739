using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.SortedSets;

/// <summary>ZUNION, ZINTER and ZDIFF, and the forms of them that store their result.</summary>
internal static class AlgebraCommands
{
    private const string CostOfUnion = "O(N + M log M) for N elements in all, and M in the result";
    private const string CostOfInter = "O(N K + M log M) for K keys, N elements in the smallest, and M in the result";
    private const string CostOfDiff = "O(N K + M log M) for K keys, N elements in the first, and M in the result";
    private const string KeysOfStore = "OW UPDATE; RO ACCESS";

    private delegate void Operation(Execution x, in AlgebraQuery query, SortedSetDraft result);

    [Command("ZUNION", "numkeys:integer key [key ...] [WEIGHTS weight:integer...] [AGGREGATE (SUM | MIN | MAX | COUNT)] [WITHSCORES]",
        Group.SortedSet, Flags.ReadOnly, Since = "6.2.0", Cost = CostOfUnion, Summary = "Tells what is in any of several sorted sets.")]
    public static void Union(Execution x) => Tell(x, takesWeights: true, SortedSetAlgebra.Union);

    [Command("ZINTER", "numkeys:integer key [key ...] [WEIGHTS weight:integer...] [AGGREGATE (SUM | MIN | MAX | COUNT)] [WITHSCORES]",
        Group.SortedSet, Flags.ReadOnly, Since = "6.2.0", Cost = CostOfInter, Summary = "Tells what is in all of several sorted sets.")]
    public static void Inter(Execution x) => Tell(x, takesWeights: true, SortedSetAlgebra.Intersection);

    [Command("ZDIFF", "numkeys:integer key [key ...] [WITHSCORES]", Group.SortedSet, Flags.ReadOnly, Since = "6.2.0", Cost = CostOfDiff,
        Summary = "Tells what is in the first of several sorted sets alone.")]
    public static void Diff(Execution x) => Tell(x, takesWeights: false, SortedSetAlgebra.Difference);

    [Command("ZUNIONSTORE",
        "destination:key numkeys:integer key [key ...] [WEIGHTS weight:integer...] [AGGREGATE (SUM | MIN | MAX | COUNT)]",
        Group.SortedSet, Flags.Write | Flags.DenyOom, Since = "2.0.0", Cost = CostOfUnion, Keys = KeysOfStore,
        Summary = "Stores what is in any of several sorted sets.")]
    public static void UnionStore(Execution x) => Store(x, takesWeights: true, SortedSetAlgebra.Union, "zunionstore"u8);

    [Command("ZINTERSTORE",
        "destination:key numkeys:integer key [key ...] [WEIGHTS weight:integer...] [AGGREGATE (SUM | MIN | MAX | COUNT)]",
        Group.SortedSet, Flags.Write | Flags.DenyOom, Since = "2.0.0", Cost = CostOfInter, Keys = KeysOfStore,
        Summary = "Stores what is in all of several sorted sets.")]
    public static void InterStore(Execution x) => Store(x, takesWeights: true, SortedSetAlgebra.Intersection, "zinterstore"u8);

    [Command("ZDIFFSTORE", "destination:key numkeys:integer key [key ...]", Group.SortedSet, Flags.Write | Flags.DenyOom,
        Since = "6.2.0", Cost = CostOfDiff, Keys = KeysOfStore, Summary = "Stores what is in the first of several sorted sets alone.")]
    public static void DiffStore(Execution x) => Store(x, takesWeights: false, SortedSetAlgebra.Difference, "zdiffstore"u8);

    [Command("ZINTERCARD", "numkeys:integer key [key ...] [LIMIT limit:integer]", Group.SortedSet, Flags.ReadOnly, Since = "7.0.0",
        Cost = "O(N K) for K keys, and N elements in the smallest", Summary = "Counts what is in all of several sorted sets.")]
    public static void InterCount(Execution x)
    {
        var query = new AlgebraQuery();
        if (!AlgebraQuery.TryReadInputs(x, 1, ref query)) return;
        long limit = 0;
        for (int i = 2 + query.Inputs.Length; i < x.Args.Count; i += 2)
        {
            if (i + 1 == x.Args.Count || !x.Is(i, "LIMIT"u8))
            {
                x.Reply.Error(Errors.Syntax);
                return;
            }
            if (!x.TryNotNegative(i + 1, "ERR LIMIT can't be negative"u8, out limit)) return;
        }
        using var batch = new SortedSetDraft(x.Server.Databases);
        x.Reply.Integer(SortedSetAlgebra.CountIntersection(x, in query, batch, limit));
    }

    private static void Tell(Execution x, bool takesWeights, Operation operation)
    {
        if (!AlgebraQuery.TryRead(x, 1, takesWeights, takesScores: true, out AlgebraQuery query)) return;
        using var result = new SortedSetDraft(x.Server.Databases);
        operation(x, in query, result);
        result.Sort();
        if (query.WithScores) x.Reply.Pairs(result.Count);
        else x.Reply.Array(result.Count);
        foreach (SortedEntry entry in result.Entries)
        {
            if (query.WithScores) x.Reply.Pair();
            x.Reply.Bulk(result.MemberOf(entry));
            if (query.WithScores) x.Reply.Double(entry.Score);
        }
    }

    private static void Store(Execution x, bool takesWeights, Operation operation, ReadOnlySpan<byte> eventName)
    {
        if (!AlgebraQuery.TryRead(x, 2, takesWeights, takesScores: false, out AlgebraQuery query)) return;
        using var result = new SortedSetDraft(x.Server.Databases);
        operation(x, in query, result);
        result.Sort();
        SortedSetStore.Put(x, 1, result, eventName);
    }
}
