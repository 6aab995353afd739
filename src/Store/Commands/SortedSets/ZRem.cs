using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.SortedSets;

/// <summary>ZREM, and ZREMRANGEBYRANK, ZREMRANGEBYSCORE and ZREMRANGEBYLEX.</summary>
internal static class ZRem
{
    [Command("ZREM", "key member [member ...]", Group.SortedSet, Flags.Write | Flags.Fast, Since = "1.2.0",
        Cost = "O(log N) for each member", Keys = "RW DELETE",
        Summary = "Takes members out of a sorted set; the last one takes the key with it.")]
    public static void Members(Execution x)
    {
        if (!SortedSetArgument.TryWrite(x, 1, out Key key)) return;
        int removed = 0;
        for (int i = 2; i < x.Args.Count && SortedSetValue.Count(in key) > 0; i++)
            if (SortedSetValue.Remove(ref key, x.Args[i])) removed++;
        if (removed > 0)
        {
            x.Changed(in key, EventClass.SortedSet, "zrem"u8);
            if (SortedSetValue.Count(in key) == 0) x.DeleteEmptied(ref key);
        }
        x.Reply.Integer(removed);
    }

    [Command("ZREMRANGEBYRANK", "key start:integer stop:integer", Group.SortedSet, Flags.Write, Since = "2.0.0",
        Cost = "O(M log N) for M elements removed", Keys = "RW DELETE", Summary = "Removes the elements between two ranks of a sorted set.")]
    public static void ByRank(Execution x) => Range(x, RangeKind.Rank, "zremrangebyrank"u8);

    [Command("ZREMRANGEBYSCORE", "key min:double max:double", Group.SortedSet, Flags.Write, Since = "1.2.0",
        Cost = "O(M log N) for M elements removed", Keys = "RW DELETE", Summary = "Removes the elements between two scores of a sorted set.")]
    public static void ByScore(Execution x) => Range(x, RangeKind.Score, "zremrangebyscore"u8);

    [Command("ZREMRANGEBYLEX", "key min max", Group.SortedSet, Flags.Write, Since = "2.8.9",
        Cost = "O(M log N) for M elements removed", Keys = "RW DELETE",
        Summary = "Removes the elements between two members of a sorted set in which all scores are the same.")]
    public static void ByMember(Execution x) => Range(x, RangeKind.Member, "zremrangebylex"u8);

    private static void Range(Execution x, RangeKind kind, ReadOnlySpan<byte> eventName)
    {
        if (!SortedRange.TryRead(x, kind, 2, 3, out SortedRange range)) return;
        if (!SortedSetArgument.TryWrite(x, 1, out Key key)) return;
        RankRange ranks = range.In(in key);
        if (ranks.Count > 0)
        {
            bool takesAll = ranks.Count == SortedSetValue.Count(in key);
            // A whole structure is not emptied element by element: it goes as one, and is freed in slices.
            if (!takesAll) SortedSetValue.RemoveRange(ref key, ranks.First, ranks.Count);
            x.Changed(in key, EventClass.SortedSet, eventName);
            if (takesAll) x.DeleteEmptied(ref key);
        }
        x.Reply.Integer(ranks.Count);
    }
}
