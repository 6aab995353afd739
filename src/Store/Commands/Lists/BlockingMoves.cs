using Galley.Store.Keyspace;

namespace Galley.Store.Commands.Lists;

/// <summary>BLMOVE, and BRPOPLPUSH from before it: to move an element, and to wait while there is none.</summary>
internal static class BlockingMoves
{
    [Command("BLMOVE", "source:key destination:key (LEFT | RIGHT) (LEFT | RIGHT) timeout:double", Group.List,
        Flags.Write | Flags.DenyOom | Flags.NoScript | Flags.Blocking, Since = "6.2.0", Cost = "O(1)",
        Keys = "RW ACCESS DELETE; RW INSERT",
        Summary = "Moves an element from an end of one list to an end of another, or waits for one.")]
    public static void Move(Execution x)
    {
        if (!ListArgument.TryReadEnd(x, 3, out bool fromLeft) || !ListArgument.TryReadEnd(x, 4, out bool toLeft)) return;
        if (!x.TryTimeout(5, out long timeoutMs)) return;
        MoveOutcome outcome = MoveCommands.TryMove(x, fromLeft, toLeft);
        if (outcome == MoveOutcome.Possible) x.Effect(5).Word("LMOVE"u8).Word(x.Args[1]).Word(x.Args[2]).Word(x.Args[3]).Word(x.Args[4]);
        else if (outcome == MoveOutcome.NoSource) Block(x, timeoutMs);
    }

    [Command("BRPOPLPUSH", "source:key destination:key timeout:double", Group.List,
        Flags.Write | Flags.DenyOom | Flags.NoScript | Flags.Blocking, Since = "2.2.0", Cost = "O(1)",
        Keys = "RW ACCESS DELETE; RW INSERT", DeprecatedSince = "6.2.0", ReplacedBy = "`BLMOVE` with the `RIGHT` and `LEFT` arguments",
        Summary = "Moves the last element of one list before the first of another, or waits for one.")]
    public static void RightToLeft(Execution x)
    {
        if (!x.TryTimeout(3, out long timeoutMs)) return;
        MoveOutcome outcome = MoveCommands.TryMove(x, fromLeft: false, toLeft: true);
        if (outcome == MoveOutcome.Possible) x.Effect(3).Word("RPOPLPUSH"u8).Word(x.Args[1]).Word(x.Args[2]);
        else if (outcome == MoveOutcome.NoSource) Block(x, timeoutMs);
    }

    private static void Block(Execution x, long timeoutMs) => x.Block(new BlockingTerms
    {
        FirstKey = 1,
        KeyCount = 1,
        Type = KeyType.List,
        TimeoutMs = timeoutMs,
        TimeoutReply = ReplyWithNothing,
    });

    /// <summary>As redis-server has it, in RESP2: a null as LMOVE's where nobody may wait, and that of an array where the time is over.</summary>
    private static void ReplyWithNothing(Execution x)
    {
        if (x.MayBlock) x.Reply.NullArray();
        else x.Reply.Null();
    }
}
