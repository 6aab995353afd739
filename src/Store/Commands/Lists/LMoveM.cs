using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Lists;

/// <summary>LMOVEM and BLMOVEM: several elements from an end of one list to an end of another, or of the same.</summary>
internal static class LMoveM
{
    private const string HowMany = "[(COUNT count:integer | EXACTLY exactly:integer) (OBO | BULK)]";

    [Command("LMOVEM", "source:key destination:key (LEFT | RIGHT) (LEFT | RIGHT) " + HowMany, Group.List, Flags.Write | Flags.DenyOom,
        Since = "8.10.0", Cost = "O(N) for N elements moved", Keys = "RW ACCESS DELETE; RW INSERT",
        Summary = "Moves elements from an end of one list to an end of another.")]
    public static void Run(Execution x)
    {
        if (!MoveTerms.TryRead(x, 5, out MoveTerms terms) || TryMove(x, terms)) return;
        if (terms.IsExact) x.Reply.NullArray();
        else x.Reply.Array(0);
    }

    [Command("BLMOVEM", "source:key destination:key (LEFT | RIGHT) (LEFT | RIGHT) timeout:double " + HowMany, Group.List,
        Flags.Write | Flags.DenyOom | Flags.Blocking, Since = "8.10.0", Cost = "O(N) for N elements moved",
        Keys = "RW ACCESS DELETE; RW INSERT",
        Summary = "Moves elements from an end of one list to an end of another, or waits until there are enough.")]
    public static void RunOrWait(Execution x)
    {
        if (!MoveTerms.TryRead(x, 6, out MoveTerms terms) || !x.TryTimeout(5, out long timeoutMs)) return;
        if (!TryMove(x, terms)) x.Block(new BlockingTerms
        {
            FirstKey = 1,
            KeyCount = 1,
            Type = KeyType.List,
            TimeoutMs = timeoutMs,
            TimeoutReply = static x => x.Reply.NullArray(),
        });
    }

    /// <summary>Moves, and replies with what was moved; true also when it has replied with WRONGTYPE, false when there are too few.</summary>
    private static bool TryMove(Execution x, in MoveTerms terms)
    {
        MoveOutcome outcome = MoveCommands.Open(x);
        if (outcome != MoveOutcome.Possible) return outcome == MoveOutcome.Refused;
        Key source = x.Peek(1);
        long there = ListValue.Count(in source);
        if (terms.IsExact && there < terms.Count) return false;
        var block = new MovedBlock(x, terms, (int)Math.Min(there, terms.Count), there);
        block.Reply();
        if (!x.Args[1].SequenceEqual(x.Args[2])) block.MoveToOther();
        else if (terms.FromLeft != terms.ToLeft) block.Rotate();
        else block.Reorder();
        return true;
    }
}

/// <summary>From which end to which, how many, and in which order.</summary>
internal readonly record struct MoveTerms(bool FromLeft, bool ToLeft)
{
    public long Count { get; private init; } = 1;

    /// <summary>That many or none.</summary>
    public bool IsExact { get; private init; }

    /// <summary>They keep the order in which they stand in the list; otherwise they are moved one by one.</summary>
    public bool IsBulk { get; private init; }

    /// <summary>Reads the ends, and how many from this argument on; or replies with an error.</summary>
    public static bool TryRead(Execution x, int at, out MoveTerms terms)
    {
        terms = default;
        if (!ListArgument.TryReadEnd(x, 3, out bool fromLeft) || !ListArgument.TryReadEnd(x, 4, out bool toLeft)) return false;
        terms = new MoveTerms(fromLeft, toLeft);
        if (x.Args.Count == at) return true;
        bool isExact = x.Is(at, "EXACTLY"u8);
        bool isBulk = x.Args.Count == at + 3 && x.Is(at + 2, "BULK"u8);
        if (x.Args.Count != at + 3 || (!isExact && !x.Is(at, "COUNT"u8)) || (!isBulk && !x.Is(at + 2, "OBO"u8)))
        {
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        if (!CountArgument.TryReadFromOne(x, at + 1, Errors.CountFromOne, out long count)) return false;
        terms = terms with { Count = count, IsExact = isExact, IsBulk = isBulk };
        return true;
    }
}
