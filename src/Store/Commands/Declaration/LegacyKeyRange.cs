namespace Galley.Store.Commands;

/// <summary>
/// The keys of a command as one range, which is all that clients of Redis 6 and older understand: the first key, the
/// last (negative: from the end) and the step. Zeros where no key has a fixed place.
/// </summary>
/// <param name="IsPartial">Some keys are outside the range: the flag <c>movablekeys</c>.</param>
public readonly record struct LegacyKeyRange(int First, int Last, int Step, bool IsPartial)
{
    public static LegacyKeyRange Of(ReadOnlySpan<KeySpecification> specifications)
    {
        if (specifications.Length == 1 && IsRange(specifications[0])) return Of(specifications[0], isPartial: false);

        LegacyKeyRange range = default;
        bool isPartial = false;
        foreach (KeySpecification specification in specifications)
        {
            bool continues = range.Step == 0 || specification.Start == range.Last + 1;
            if (!IsRange(specification) || specification.Step != 1 || !continues)
            {
                isPartial = true;
                continue;
            }
            LegacyKeyRange next = Of(specification, isPartial: false);
            range = range.Step == 0 ? next : range with { Last = next.Last };
        }
        return range with { IsPartial = isPartial };
    }

    private static LegacyKeyRange Of(KeySpecification specification, bool isPartial)
    {
        int last = specification.LastKey < 0 ? specification.LastKey : specification.Start + specification.LastKey;
        return new LegacyKeyRange(specification.Start, last, specification.Step, isPartial);
    }

    private static bool IsRange(KeySpecification specification) =>
        specification.Search == KeySearch.Index && !specification.IsCounted && specification.Limit <= 1;
}
