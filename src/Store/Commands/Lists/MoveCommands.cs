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
        if (TryMove(x, fromLeft, toLeft) == MoveOutcome.NoSource) x.Reply.Null();
    }

    [Command("RPOPLPUSH", "source:key destination:key", Group.List, Flags.Write | Flags.DenyOom, Since = "1.2.0", Cost = "O(1)",
        Keys = "RW ACCESS DELETE; RW INSERT", DeprecatedSince = "6.2.0", ReplacedBy = "`LMOVE` with the `RIGHT` and `LEFT` arguments",
        Summary = "Moves the last element of one list before the first of another.")]
    public static void RightToLeft(Execution x)
    {
        if (TryMove(x, fromLeft: false, toLeft: true) == MoveOutcome.NoSource) x.Reply.Null();
    }

    /// <summary>Moves an element from an end of the first key to an end of the second, and replies unless there is none.</summary>
    public static MoveOutcome TryMove(Execution x, bool fromLeft, bool toLeft)
    {
        MoveOutcome outcome = Open(x);
        if (outcome == MoveOutcome.Possible) MoveOne(x, fromLeft, toLeft);
        return outcome;
    }

    /// <summary>Looks at both keys, the second only where the first is there, and replies with WRONGTYPE where one is no list.</summary>
    public static MoveOutcome Open(Execution x)
    {
        if (!ListArgument.TryWrite(x, 1, out Key source)) return MoveOutcome.Refused;
        if (!source.Exists) return MoveOutcome.NoSource;
        return ListArgument.TryWrite(x, 2, out _) ? MoveOutcome.Possible : MoveOutcome.Refused;
    }

    private static void MoveOne(Execution x, bool fromLeft, bool toLeft)
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

/// <summary>What became of a move.</summary>
internal enum MoveOutcome : byte
{
    /// <summary>The first list is absent: nothing was replied.</summary>
    NoSource,

    /// <summary>One of the keys is no list: the error was replied.</summary>
    Refused,

    /// <summary>Both lists are what they should be: the move can be made, or was made and replied with.</summary>
    Possible,
}
