using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Lists;

/// <summary>LLEN, LINDEX and LRANGE: what a list holds.</summary>
internal static class ListQueries
{
    [Command("LLEN", "key", Group.List, Flags.ReadOnly | Flags.Fast, Since = "1.0.0", Cost = "O(1)", Keys = "RO",
        Summary = "Counts the elements of a list.")]
    public static void Length(Execution x)
    {
        if (ListArgument.TryRead(x, 1, out Key key)) x.Reply.Integer(ListValue.Count(in key));
    }

    [Command("LINDEX", "key index:integer", Group.List, Flags.ReadOnly, Since = "1.0.0", Cost = "O(log N)",
        Summary = "Tells the element at an index of a list.")]
    public static void Index(Execution x)
    {
        if (!ListArgument.TryRead(x, 1, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Null();
            return;
        }
        if (!x.TryInteger(2, out long index)) return;
        long count = ListValue.Count(in key);
        long position = ListArgument.FromStart(index, count);
        if (position < 0 || position >= count) x.Reply.Null();
        else ListValue.At(in key, position).SendTo(x.Reply);
    }

    [Command("LRANGE", "key start:integer stop:integer", Group.List, Flags.ReadOnly, Since = "1.0.0",
        Cost = "O(log N + M) for M elements replied", Summary = "Lists the elements between two indexes of a list.")]
    public static void Range(Execution x)
    {
        if (!x.TryInteger(2, out long first) || !x.TryInteger(3, out long last)) return;
        if (!ListArgument.TryRead(x, 1, out Key key)) return;
        if (!ListArgument.TryClamp(ref first, ref last, ListValue.Count(in key)))
        {
            x.Reply.Array(0);
            return;
        }
        int count = (int)(last - first + 1);
        x.Reply.Array(count);
        ListWalk walk = ListValue.Walk(in key, first);
        for (int i = 0; i < count && walk.TryNext(out ListPackElement element); i++) element.SendTo(x.Reply);
    }
}
