using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Lists;

/// <summary>LSET, LINSERT, LTRIM and LREM: changes to a list that is there.</summary>
internal static class ListEdits
{
    [Command("LSET", "key index:integer element", Group.List, Flags.Write | Flags.DenyOom, Since = "1.0.0", Cost = "O(log N)",
        Keys = "RW UPDATE", Summary = "Puts another element in the place of the one at an index of a list.")]
    public static void Set(Execution x)
    {
        if (!ListArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Error(Errors.NoSuchKey);
            return;
        }
        if (!x.TryInteger(2, out long index)) return;
        long count = ListValue.Count(in key);
        long position = ListArgument.FromStart(index, count);
        if (position < 0 || position >= count)
        {
            x.Reply.Error(Errors.IndexOutOfRange);
            return;
        }
        ListValue.Set(ref key, position, x.Args[3]);
        x.Changed(in key, EventClass.List, "lset"u8);
        x.Reply.Ok();
    }

    [Command("LINSERT", "key (BEFORE | AFTER) pivot element", Group.List, Flags.Write | Flags.DenyOom, Since = "2.2.0",
        Cost = "O(N) in the elements before the pivot", Keys = "RW INSERT",
        Summary = "Puts an element before or behind another one of a list.")]
    public static void Insert(Execution x)
    {
        bool isAfter = x.Is(2, "AFTER"u8);
        if (!isAfter && !x.Is(2, "BEFORE"u8))
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        if (!ListArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        long pivot = ListSearch.First(in key, x.Args[3]);
        if (pivot < 0)
        {
            x.Reply.Integer(-1);
            return;
        }
        ListValue.Insert(ref key, isAfter ? pivot + 1 : pivot, x.Args[4]);
        x.Changed(in key, EventClass.List, "linsert"u8);
        x.Reply.Integer(ListValue.Count(in key));
    }

    [Command("LTRIM", "key start:integer stop:integer", Group.List, Flags.Write, Since = "1.0.0",
        Cost = "O(N) in the elements removed", Keys = "RW DELETE", Summary = "Keeps only the elements between two indexes of a list.")]
    public static void Trim(Execution x)
    {
        if (!x.TryInteger(2, out long first) || !x.TryInteger(3, out long last)) return;
        if (!ListArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Ok();
            return;
        }
        long count = ListValue.Count(in key);
        bool keepsAny = ListArgument.TryClamp(ref first, ref last, count);
        if (keepsAny)
        {
            ListValue.Remove(ref key, last + 1, count - last - 1);
            ListValue.Remove(ref key, 0, first);
        }
        x.Changed(in key, EventClass.List, "ltrim"u8);
        if (!keepsAny) x.DeleteEmptied(ref key);
        x.Reply.Ok();
    }

    [Command("LREM", "key count:integer element", Group.List, Flags.Write, Since = "1.0.0", Cost = "O(N) in the elements of the list",
        Keys = "RW DELETE", Summary = "Removes elements that are equal to one, from either end of a list.")]
    public static void Remove(Execution x)
    {
        if (!x.TryInteger(2, out long asked)) return;
        if (!ListArgument.TryWrite(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        long countMax = asked == 0 ? long.MaxValue : asked == long.MinValue ? long.MaxValue : Math.Abs(asked);
        long removed = ListSearch.RemoveAll(ref key, x.Args[3], countMax, fromEnd: asked < 0);
        if (removed > 0)
        {
            x.Changed(in key, EventClass.List, "lrem"u8);
            if (ListValue.Count(in key) == 0) x.DeleteEmptied(ref key);
        }
        x.Reply.Integer(removed);
    }
}
