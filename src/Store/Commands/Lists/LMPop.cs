using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Lists;

internal static class LMPop
{
    [Command("LMPOP", "numkeys:integer key [key ...] (LEFT | RIGHT) [COUNT count:integer]", Group.List, Flags.Write, Since = "7.0.0",
        Cost = "O(N + M) for N keys and M elements taken", Keys = "RW ACCESS DELETE",
        Summary = "Takes elements from the first of several lists that has any.")]
    public static void Run(Execution x)
    {
        if (!CountArgument.TryReadKeys(x, 1, wordsAfter: 1, out int keys)) return;
        if (!TryReadRest(x, 2 + keys, out bool isLeft, out long count)) return;
        if (!TryPop(x, 2, keys, isLeft, count)) x.Reply.NullArray();
    }

    /// <summary>The end to take from, and how many.</summary>
    public static bool TryReadRest(Execution x, int at, out bool isLeft, out long count)
    {
        count = 1;
        if (!ListArgument.TryReadEnd(x, at, out isLeft)) return false;
        bool hasCount = false;
        for (int i = at + 1; i < x.Args.Count; i += 2)
        {
            if (hasCount || i + 1 == x.Args.Count || !x.Is(i, "COUNT"u8))
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
            hasCount = true;
            if (!CountArgument.TryReadFromOne(x, i + 1, Errors.CountFromOne, out count)) return false;
        }
        return true;
    }

    /// <summary>
    /// Takes elements from the first list that is there, and replies with its name and them; true also when it has replied
    /// with WRONGTYPE, false when there is none.
    /// </summary>
    public static bool TryPop(Execution x, int firstKey, int keys, bool isLeft, long count)
    {
        for (int i = firstKey; i < firstKey + keys; i++)
        {
            if (!ListArgument.TryWrite(x, i, out Key key)) return true;
            if (!key.Exists) continue;
            count = Math.Min(count, ListValue.Count(in key));
            x.Reply.Array(2);
            x.Reply.Bulk(key.Name);
            x.Effect(3).Word(isLeft ? "LPOP"u8 : "RPOP"u8).Word(key.Name).Word(count);
            PopCommands.TakeMany(x, ref key, count, isLeft);
            return true;
        }
        return false;
    }
}
