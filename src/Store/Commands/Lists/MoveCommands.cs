using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Lists;

/// <summary>LMOVE, and RPOPLPUSH from before it: an element from an end of one list to an end of another, or of the same.</summary>
internal static class MoveCommands
{
    [Command("LMOVE", "source:key destination:key (LEFT | RIGHT) (LEFT | RIGHT)", Group.List, Flags.Write | Flags.DenyOom,
        Since = "6.2.0", Cost = "O(1)", Keys = "RW ACCESS DELETE; RW INSERT",
        Summary = "Moves an element from an end of one list to an end of another.")]
    public static void Move(Execution x)
    {
        if (!ListArgument.TryReadEnd(x, 3, out bool fromLeft) || !ListArgument.TryReadEnd(x, 4, out bool toLeft)) return;
        Run(x, fromLeft, toLeft);
    }

    [Command("RPOPLPUSH", "source:key destination:key", Group.List, Flags.Write | Flags.DenyOom, Since = "1.2.0", Cost = "O(1)",
        Keys = "RW ACCESS DELETE; RW INSERT", DeprecatedSince = "6.2.0", ReplacedBy = "`LMOVE` with the `RIGHT` and `LEFT` arguments",
        Summary = "Moves the last element of one list before the first of another.")]
    public static void RightToLeft(Execution x) => Run(x, fromLeft: false, toLeft: true);

    private static void Run(Execution x, bool fromLeft, bool toLeft)
    {
        if (!ListArgument.TryWrite(x, 1, out Key source)) return;
        if (!source.Exists)
        {
            x.Reply.Null();
            return;
        }
        Key target = x.Write(2);
        if (!target.IsAbsentOr(KeyType.List))
        {
            x.Reply.Error(Errors.WrongType);
            return;
        }
        MoveOne(x, fromLeft, toLeft);
    }

    /// <summary>Moves the element that is at that end of the first list, and replies with it. Both lists are what they should be.</summary>
    public static void MoveOne(Execution x, bool fromLeft, bool toLeft)
    {
        Key source = x.Peek(1);
        byte[] element = Take(x, in source, fromLeft);
        bool isSame = x.Args[1].SequenceEqual(x.Args[2]);
        if (isSame)
        {
            long from = fromLeft ? 0 : ListValue.Count(in source) - 1;
            if (fromLeft != toLeft && ListValue.Count(in source) > 1)
            {
                ListValue.Remove(ref source, from, 1);
                ListValue.Push(ref source, element, toLeft);
            }
            x.Changed(in source, EventClass.List, toLeft ? "lpush"u8 : "rpush"u8);
            x.Changed(in source, EventClass.List, fromLeft ? "lpop"u8 : "rpop"u8);
            return;
        }
        Key target = x.Peek(2);
        ListValue.Push(ref target, element, toLeft);
        x.Changed(in target, EventClass.List, toLeft ? "lpush"u8 : "rpush"u8);

        // The other key may have made this one's place in the table stale.
        source = x.Peek(1);
        PopCommands.Remove(x, ref source, 1, fromLeft);
    }

    /// <summary>Replies with the element, and keeps it while the lists change.</summary>
    private static byte[] Take(Execution x, in Key source, bool fromLeft)
    {
        Types.ListPackElement element = ListValue.At(in source, fromLeft ? 0 : ListValue.Count(in source) - 1);
        element.SendTo(x.Reply);
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        return element.TextIn(digits).ToArray();
    }
}
