using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.SortedSets;

/// <summary>ZADD, and ZINCRBY, which is ZADD with INCR; GEOADD shares what they do.</summary>
internal static class ZAdd
{
    /// <summary>More scores than this wait in an array, and not on the stack.</summary>
    private const int ScoresOnStackMax = 64;

    [Command("ZADD", "key [NX | XX] [GT | LT] [change=CH] [increment=INCR] score:double member [score:double member ...]",
        Group.SortedSet, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "1.2.0", Cost = "O(log N) for each member",
        Summary = "Adds members to a sorted set, or moves those already there.")]
    public static void Add(Execution x) => Run(x, ScoreRule.None);

    [Command("ZINCRBY", "key increment:integer member", Group.SortedSet, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "1.2.0",
        Cost = "O(log N)", Keys = "RW ACCESS UPDATE", Summary = "Adds to the score of a member, 0 if it is not there.")]
    public static void Increment(Execution x) => Run(x, ScoreRule.Add);

    /// <summary>Sets or increments scores of members, tells so, and replies.</summary>
    /// <param name="firstMember">The argument that is the first member; the others follow at this stride.</param>
    public static void Apply(
        Execution x, ScoreRule rule, bool countsChanges, scoped ReadOnlySpan<double> scores, int firstMember, int stride)
    {
        if (!SortedSetArgument.TryWrite(x, 1, out Key key)) return;
        int added = 0;
        int changed = 0;
        var outcome = ScoreOutcome.Refused;
        double score = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            score = scores[i];
            outcome = SortedSetValue.Set(ref key, x.Args[firstMember + i * stride], ref score, rule);
            if (outcome == ScoreOutcome.Added) added++;
            else if (outcome == ScoreOutcome.Changed) changed++;
        }
        bool increments = (rule & ScoreRule.Add) != 0;
        if (added + changed > 0) x.Changed(in key, EventClass.SortedSet, increments ? "zincr"u8 : "zadd"u8);
        if (!increments) x.Reply.Integer(countsChanges ? added + changed : added);
        else if (outcome == ScoreOutcome.NotANumber) x.Reply.Error(Errors.ScoreNotANumber);
        else if (outcome == ScoreOutcome.Refused) x.Reply.Null();
        else x.Reply.Double(score);
    }

    private static void Run(Execution x, ScoreRule rule)
    {
        // As in redis-server ZINCRBY reads ZADD's options too, and has no words left for them.
        int first = ReadOptions(x, ref rule, out bool countsChanges);
        int words = x.Args.Count - first;
        if (words == 0 || words % 2 != 0)
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        int pairs = words / 2;
        if (!AreCompatible(x, rule, pairs)) return;
        Span<double> scores = pairs <= ScoresOnStackMax ? stackalloc double[pairs] : new double[pairs];
        for (int i = 0; i < pairs; i++)
            if (!x.TryDouble(first + i * 2, out scores[i])) return;
        Apply(x, rule, countsChanges, scores, first + 1, stride: 2);
    }

    /// <summary>Reads the options in front of the scores, and returns the argument that is the first score.</summary>
    private static int ReadOptions(Execution x, ref ScoreRule rule, out bool countsChanges)
    {
        countsChanges = false;
        int at = 2;
        // Most scores begin with a digit or a sign, which no option does.
        for (; at < x.Args.Count && x.Args[at] is [>= (byte)'A', ..]; at++)
        {
            if (x.Is(at, "NX"u8)) rule |= ScoreRule.OnlyNew;
            else if (x.Is(at, "XX"u8)) rule |= ScoreRule.OnlyThere;
            else if (x.Is(at, "GT"u8)) rule |= ScoreRule.OnlyGreater;
            else if (x.Is(at, "LT"u8)) rule |= ScoreRule.OnlyLess;
            else if (x.Is(at, "INCR"u8)) rule |= ScoreRule.Add;
            else if (x.Is(at, "CH"u8)) countsChanges = true;
            else break;
        }
        return at;
    }

    private static bool AreCompatible(Execution x, ScoreRule rule, int pairs)
    {
        const ScoreRule NewOrThere = ScoreRule.OnlyNew | ScoreRule.OnlyThere;
        const ScoreRule Exclusive = ScoreRule.OnlyNew | ScoreRule.OnlyGreater | ScoreRule.OnlyLess;
        if ((rule & NewOrThere) == NewOrThere)
            x.Reply.Error("ERR XX and NX options at the same time are not compatible"u8);
        else if (System.Numerics.BitOperations.PopCount((uint)(rule & Exclusive)) > 1)
            x.Reply.Error("ERR GT, LT, and/or NX options at the same time are not compatible"u8);
        else if ((rule & ScoreRule.Add) != 0 && pairs > 1)
            x.Reply.Error("ERR INCR option supports a single increment-element pair"u8);
        else return true;
        return false;
    }
}
