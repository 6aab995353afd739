using Galley.Store.Commands.SortedSets;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Geo;

internal static class GeoAdd
{
    private const int WordsPerMember = 3;

    /// <summary>More scores than this wait in an array, and not on the stack.</summary>
    private const int ScoresOnStackMax = 64;

    [Command("GEOADD", "key [NX | XX] [change=CH] (longitude:double latitude:double member)...", Group.Geo, Flags.Write | Flags.DenyOom,
        Since = "3.2.0", Cost = "O(log N) for each member", Summary = "Adds members with a position, or moves those already there.")]
    public static void Run(Execution x)
    {
        int first = ReadOptions(x, out ScoreRule rule, out bool countsChanges);
        int members = (x.Args.Count - first) / WordsPerMember;
        if (members == 0 || (x.Args.Count - first) % WordsPerMember != 0 || rule == (ScoreRule.OnlyNew | ScoreRule.OnlyThere))
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        Span<double> scores = members <= ScoresOnStackMax ? stackalloc double[members] : new double[members];
        for (int i = 0; i < members; i++)
        {
            if (!GeoArgument.TryReadPosition(x, first + i * WordsPerMember, out GeoPosition position)) return;
            scores[i] = GeoHash.Of(position).Score;
        }
        ZAdd.Apply(x, rule, countsChanges, scores, first + WordsPerMember - 1, WordsPerMember);
    }

    private static int ReadOptions(Execution x, out ScoreRule rule, out bool countsChanges)
    {
        rule = ScoreRule.None;
        countsChanges = false;
        int at = 2;
        for (; at < x.Args.Count; at++)
        {
            if (x.Is(at, "NX"u8)) rule |= ScoreRule.OnlyNew;
            else if (x.Is(at, "XX"u8)) rule |= ScoreRule.OnlyThere;
            else if (x.Is(at, "CH"u8)) countsChanges = true;
            else break;
        }
        return at;
    }
}
