using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Lists;

/// <summary>BLPOP, BRPOP and BLMPOP: to pop, and to wait while there is nothing to pop.</summary>
internal static class BlockingPops
{
    [Command("BLPOP", "key [key ...] timeout:double", Group.List, Flags.Write | Flags.NoScript | Flags.Blocking, Since = "2.0.0",
        Cost = "O(N) for N keys", Keys = "RW ACCESS DELETE",
        Summary = "Takes the first element of the first of several lists that has any, or waits for one.")]
    public static void Left(Execution x) => PopOne(x, isLeft: true);

    [Command("BRPOP", "key [key ...] timeout:double", Group.List, Flags.Write | Flags.NoScript | Flags.Blocking, Since = "2.0.0",
        Cost = "O(N) for N keys", Keys = "RW ACCESS DELETE",
        Summary = "Takes the last element of the first of several lists that has any, or waits for one.")]
    public static void Right(Execution x) => PopOne(x, isLeft: false);

    [Command("BLMPOP", "timeout:double numkeys:integer key [key ...] (LEFT | RIGHT) [COUNT count:integer]", Group.List,
        Flags.Write | Flags.Blocking, Since = "7.0.0", Cost = "O(N + M) for N keys and M elements taken", Keys = "RW ACCESS DELETE",
        Summary = "Takes elements from the first of several lists that has any, or waits for one.")]
    public static void PopMany(Execution x)
    {
        if (!CountArgument.TryReadKeys(x, 2, wordsAfter: 1, out int keys)) return;
        if (!LMPop.TryReadRest(x, 3 + keys, out bool isLeft, out long count)) return;
        if (!x.TryTimeout(1, out long timeoutMs)) return;
        bool isDone = x.IsRetry ? LMPop.TryPop(x, x.ReadyKey, 1, isLeft, count) : LMPop.TryPop(x, 3, keys, isLeft, count);
        if (!isDone) Block(x, 3, keys, timeoutMs);
    }

    private static void PopOne(Execution x, bool isLeft)
    {
        int keys = x.Args.Count - 2;
        if (!x.TryTimeout(x.Args.Count - 1, out long timeoutMs)) return;
        int first = x.IsRetry ? x.ReadyKey : 1;
        int end = x.IsRetry ? x.ReadyKey + 1 : 1 + keys;
        for (int i = first; i < end; i++)
        {
            if (!ListArgument.TryWrite(x, i, out Key key)) return;
            if (!key.Exists) continue;
            x.Reply.Array(2);
            x.Reply.Bulk(key.Name);
            ListValue.At(in key, isLeft ? 0 : ListValue.Count(in key) - 1).SendTo(x.Reply);
            x.Effect(2).Word(isLeft ? "LPOP"u8 : "RPOP"u8).Word(key.Name);
            PopCommands.Remove(x, ref key, 1, isLeft);
            return;
        }
        Block(x, 1, keys, timeoutMs);
    }

    private static void Block(Execution x, int firstKey, int keys, long timeoutMs) => x.Block(new BlockingTerms
    {
        FirstKey = firstKey,
        KeyCount = keys,
        Type = KeyType.List,
        TimeoutMs = timeoutMs,
        TimeoutReply = static x => x.Reply.NullArray(),
    });
}
