using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.SortedSets;

internal static class ZMPop
{
    [Command("ZMPOP", "numkeys:integer key [key ...] (MIN | MAX) [COUNT count:integer]", Group.SortedSet, Flags.Write, Since = "7.0.0",
        Cost = "O(N + M log E) for N keys, and M elements taken of E", Keys = "RW ACCESS DELETE",
        Summary = "Takes elements from the first of several sorted sets that has any.")]
    public static void Run(Execution x)
    {
        if (!CountArgument.TryReadKeys(x, 1, wordsAfter: 1, out int keys)) return;
        if (!TryReadRest(x, 2 + keys, out bool isMax, out long count)) return;
        if (!TryPop(x, 2, keys, isMax, count)) x.Reply.NullArray();
    }

    /// <summary>The end to take from, and how many.</summary>
    public static bool TryReadRest(Execution x, int at, out bool isMax, out long count)
    {
        count = 1;
        isMax = x.Is(at, "MAX"u8);
        bool isRead = isMax || x.Is(at, "MIN"u8);
        bool hasCount = false;
        for (int i = at + 1; isRead && i < x.Args.Count; i += 2)
        {
            isRead = !hasCount && i + 1 < x.Args.Count && x.Is(i, "COUNT"u8);
            hasCount = true;
            if (isRead && !CountArgument.TryReadFromOne(x, i + 1, Errors.CountFromOne, out count)) return false;
        }
        if (!isRead) x.Reply.Error(Errors.Syntax);
        return isRead;
    }

    /// <summary>
    /// Takes elements from the first sorted set that is there, and replies with its name and them; true also when it has
    /// replied with WRONGTYPE, false when there is none.
    /// </summary>
    public static bool TryPop(Execution x, int firstKey, int keys, bool isMax, long count)
    {
        for (int i = firstKey; i < firstKey + keys; i++)
        {
            if (!SortedSetArgument.TryWrite(x, i, out Key key)) return true;
            if (!key.Exists) continue;
            count = Math.Min(count, SortedSetValue.Count(in key));
            x.Reply.Array(2);
            x.Reply.Bulk(key.Name);
            x.Reply.Array((int)count);
            x.Effect(3).Word(isMax ? "ZPOPMAX"u8 : "ZPOPMIN"u8).Word(key.Name).Word(count);
            ZPop.Take(x, ref key, count, isMax, ElementStyle.Arrays);
            return true;
        }
        return false;
    }
}
