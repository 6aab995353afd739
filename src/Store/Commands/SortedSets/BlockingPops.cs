using Galley.Store.Keyspace;

namespace Galley.Store.Commands.SortedSets;

/// <summary>BZPOPMIN, BZPOPMAX and BZMPOP: to pop, and to wait while there is nothing to pop.</summary>
internal static class BlockingPops
{
    [Command("BZPOPMIN", "key [key ...] timeout:double", Group.SortedSet, Flags.Write | Flags.NoScript | Flags.Blocking | Flags.Fast,
        Since = "5.0.0", Cost = "O(log N)", Keys = "RW ACCESS DELETE",
        Summary = "Takes the element with the lowest score from the first of several sorted sets that has any, or waits for one.")]
    public static void Min(Execution x) => PopOne(x, isMax: false);

    [Command("BZPOPMAX", "key [key ...] timeout:double", Group.SortedSet, Flags.Write | Flags.NoScript | Flags.Blocking | Flags.Fast,
        Since = "5.0.0", Cost = "O(log N)", Keys = "RW ACCESS DELETE",
        Summary = "Takes the element with the highest score from the first of several sorted sets that has any, or waits for one.")]
    public static void Max(Execution x) => PopOne(x, isMax: true);

    [Command("BZMPOP", "timeout:double numkeys:integer key [key ...] (MIN | MAX) [COUNT count:integer]", Group.SortedSet,
        Flags.Write | Flags.Blocking, Since = "7.0.0", Cost = "O(N + M log E) for N keys, and M elements taken of E",
        Keys = "RW ACCESS DELETE", Summary = "Takes elements from the first of several sorted sets that has any, or waits for one.")]
    public static void PopMany(Execution x)
    {
        if (!CountArgument.TryReadKeys(x, 2, wordsAfter: 1, out int keys)) return;
        if (!ZMPop.TryReadRest(x, 3 + keys, out bool isMax, out long count)) return;
        if (!x.TryTimeout(1, out long timeoutMs)) return;
        bool isDone = x.IsRetry ? ZMPop.TryPop(x, x.ReadyKey, 1, isMax, count) : ZMPop.TryPop(x, 3, keys, isMax, count);
        if (!isDone) Block(x, 3, keys, timeoutMs);
    }

    private static void PopOne(Execution x, bool isMax)
    {
        int keys = x.Args.Count - 2;
        if (!x.TryTimeout(x.Args.Count - 1, out long timeoutMs)) return;
        int first = x.IsRetry ? x.ReadyKey : 1;
        int end = x.IsRetry ? x.ReadyKey + 1 : 1 + keys;
        for (int i = first; i < end; i++)
        {
            if (!SortedSetArgument.TryWrite(x, i, out Key key)) return;
            if (!key.Exists) continue;
            x.Reply.Array(3);
            x.Reply.Bulk(key.Name);
            x.Effect(2).Word(isMax ? "ZPOPMAX"u8 : "ZPOPMIN"u8).Word(key.Name);
            ZPop.Take(x, ref key, 1, isMax, ElementStyle.Flat);
            return;
        }
        Block(x, 1, keys, timeoutMs);
    }

    private static void Block(Execution x, int firstKey, int keys, long timeoutMs) => x.Block(new BlockingTerms
    {
        FirstKey = firstKey,
        KeyCount = keys,
        Type = KeyType.SortedSet,
        TimeoutMs = timeoutMs,
        TimeoutReply = static x => x.Reply.NullArray(),
    });
}
