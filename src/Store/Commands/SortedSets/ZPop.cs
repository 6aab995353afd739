using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.SortedSets;

/// <summary>ZPOPMIN and ZPOPMAX, and what ZMPOP and the blocking forms share with them.</summary>
internal static class ZPop
{
    [Command("ZPOPMIN", "key [count:integer]", Group.SortedSet, Flags.Write | Flags.Fast, Since = "5.0.0",
        Cost = "O(M log N) for M elements taken", Keys = "RW ACCESS DELETE", Summary = "Takes the elements with the lowest scores.")]
    public static void Min(Execution x) => Pop(x, isMax: false);

    [Command("ZPOPMAX", "key [count:integer]", Group.SortedSet, Flags.Write | Flags.Fast, Since = "5.0.0",
        Cost = "O(M log N) for M elements taken", Keys = "RW ACCESS DELETE", Summary = "Takes the elements with the highest scores.")]
    public static void Max(Execution x) => Pop(x, isMax: true);

    /// <summary>
    /// Replies with so many elements of an end, as many as there are at the most, takes them out, and tells so. What stands
    /// before the elements is the caller's to reply.
    /// </summary>
    public static void Take(Execution x, ref Key key, long count, bool isMax, ElementStyle style)
    {
        long total = SortedSetValue.Count(in key);
        SortedWalk walk = SortedSetValue.Walk(in key, isMax ? total - 1 : 0, isBackward: isMax);
        for (long i = 0; i < count && walk.TryNext(out ListPackElement member, out double score); i++)
        {
            if (style == ElementStyle.Pairs) x.Reply.Pair();
            else if (style == ElementStyle.Arrays) x.Reply.Array(2);
            member.SendTo(x.Reply);
            x.Reply.Double(score);
        }
        // A whole structure is not emptied element by element: it goes as one, and is freed in slices.
        bool takesAll = count == total;
        if (!takesAll) SortedSetValue.RemoveRange(ref key, isMax ? total - count : 0, count);
        x.Changed(in key, EventClass.SortedSet, isMax ? "zpopmax"u8 : "zpopmin"u8);
        if (takesAll) x.DeleteEmptied(ref key);
    }

    private static void Pop(Execution x, bool isMax)
    {
        if (x.Args.Count > 3)
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        bool hasCount = x.Args.Count == 3;
        long count = 1;
        if (hasCount && !CountArgument.TryReadPositive(x, 2, out count)) return;
        if (!SortedSetArgument.TryWrite(x, 1, out Key key)) return;
        count = Math.Min(count, SortedSetValue.Count(in key));
        if (count == 0)
        {
            x.Reply.Array(0);
            return;
        }
        if (hasCount) x.Reply.Pairs((int)count);
        else x.Reply.Array(2);
        Take(x, ref key, count, isMax, hasCount ? ElementStyle.Pairs : ElementStyle.Flat);
    }
}

/// <summary>How a member and its score stand in a reply.</summary>
internal enum ElementStyle : byte
{
    /// <summary>One after the other.</summary>
    Flat,

    /// <summary>As <see cref="Galley.Resp.Protocol.RespWriter.Pairs"/> has them.</summary>
    Pairs,

    /// <summary>An array of the two in either version of the protocol.</summary>
    Arrays,
}
