using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Lists;

/// <summary>LPOP and RPOP, and what LMPOP shares with them.</summary>
internal static class PopCommands
{
    [Command("LPOP", "key [count:integer]", Group.List, Flags.Write | Flags.Fast, Since = "1.0.0",
        Cost = "O(N) in the elements taken", Keys = "RW ACCESS DELETE", Summary = "Takes elements from the beginning of a list.")]
    public static void Left(Execution x) => Pop(x, isLeft: true);

    [Command("RPOP", "key [count:integer]", Group.List, Flags.Write | Flags.Fast, Since = "1.0.0",
        Cost = "O(N) in the elements taken", Keys = "RW ACCESS DELETE", Summary = "Takes elements from the end of a list.")]
    public static void Right(Execution x) => Pop(x, isLeft: false);

    /// <summary>Replies with so many elements of a list, as an array, takes them out, and tells so.</summary>
    public static void TakeMany(Execution x, ref Key key, long count, bool isLeft)
    {
        long length = ListValue.Count(in key);
        count = Math.Min(count, length);
        x.Reply.Array((int)count);
        if (count == 0) return;
        ListWalk walk = ListValue.Walk(in key, isLeft ? 0 : length - 1, isBackward: !isLeft);
        for (long i = 0; i < count && walk.TryNext(out ListPackElement element); i++) element.SendTo(x.Reply);
        Remove(x, ref key, count, isLeft);
    }

    /// <summary>Takes elements from one end, which were replied with already, and tells so.</summary>
    public static void Remove(Execution x, ref Key key, long count, bool isLeft)
    {
        ListValue.Remove(ref key, isLeft ? 0 : ListValue.Count(in key) - count, count);
        x.Changed(in key, EventClass.List, isLeft ? "lpop"u8 : "rpop"u8);
        if (ListValue.Count(in key) == 0) x.DeleteEmptied(ref key);
    }

    private static void Pop(Execution x, bool isLeft)
    {
        bool hasCount = x.Args.Count == 3;
        long count = 1;
        if (x.Args.Count > 3)
        {
            x.Reply.Error(Errors.WrongArity(x.CommandName));
            return;
        }
        if (hasCount && !CountArgument.TryReadPositive(x, 2, out count)) return;
        if (!ListArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            if (hasCount) x.Reply.NullArray();
            else x.Reply.Null();
            return;
        }
        if (hasCount)
        {
            TakeMany(x, ref key, count, isLeft);
            return;
        }
        ListValue.At(in key, isLeft ? 0 : ListValue.Count(in key) - 1).SendTo(x.Reply);
        Remove(x, ref key, 1, isLeft);
    }
}
