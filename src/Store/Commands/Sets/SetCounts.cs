namespace Galley.Store.Commands.Sets;

/// <summary>SINTERCARD, SUNIONCARD and SDIFFCARD: how many members a result would have.</summary>
internal static class SetCounts
{
    [Command("SINTERCARD", "numkeys:integer key [key ...] [LIMIT limit:integer]", Group.Set, Flags.ReadOnly, Since = "7.0.0",
        Cost = "O(N K) for K sets, and N members in the smallest", Summary = "Counts what is in all of several sets.")]
    public static void Inter(Execution x)
    {
        if (!TryRead(x, takesApproximation: false, out SetInput[] inputs, out CountSink sink)) return;
        SetAlgebra.Intersect(x, inputs, ref sink);
        x.Reply.Integer(sink.Count);
    }

    /// <summary>The exact count is fast enough that APPROX, which allows another, changes nothing.</summary>
    [Command("SUNIONCARD", "numkeys:integer key [key ...] [APPROX] [LIMIT limit:integer]", Group.Set, Flags.ReadOnly, Since = "8.10.0",
        Cost = "O(N) in the members of all sets", Summary = "Counts what is in any of several sets.")]
    public static void Union(Execution x)
    {
        if (!TryRead(x, takesApproximation: true, out SetInput[] inputs, out CountSink sink)) return;
        SetAlgebra.Unite(x, inputs, ref sink);
        x.Reply.Integer(sink.Count);
    }

    [Command("SDIFFCARD", "numkeys:integer key [key ...] [LIMIT limit:integer]", Group.Set, Flags.ReadOnly, Since = "8.10.0",
        Cost = "O(N) in the members of all sets", Summary = "Counts what is in the first of several sets alone.")]
    public static void Diff(Execution x)
    {
        if (!TryRead(x, takesApproximation: false, out SetInput[] inputs, out CountSink sink)) return;
        SetAlgebra.Subtract(x, inputs, ref sink);
        x.Reply.Integer(sink.Count);
    }

    private static bool TryRead(Execution x, bool takesApproximation, out SetInput[] inputs, out CountSink sink)
    {
        inputs = [];
        sink = default;
        if (!CountArgument.TryReadFromOne(x, 1, Errors.NumKeys, out long keys)) return false;
        if (keys > x.Args.Count - 2)
        {
            x.Reply.Error("ERR Number of keys can't be greater than number of args"u8);
            return false;
        }
        long limit = 0;
        for (int i = 2 + (int)keys; i < x.Args.Count; i++)
        {
            if (i + 1 < x.Args.Count && x.Is(i, "LIMIT"u8))
            {
                if (!x.TryNotNegative(++i, "ERR LIMIT can't be negative"u8, out limit)) return false;
            }
            else if (!takesApproximation || !x.Is(i, "APPROX"u8))
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
        }
        sink = new CountSink(limit);
        return SetInput.TryRead(x, 2, (int)keys, out inputs);
    }
}
