using Galley.Store.Keyspace;

namespace Galley.Store.Commands.SortedSets;

/// <summary>What ZRANGE and its older sisters ask: a range, the direction, and what of it.</summary>
internal ref struct RangeQuery
{
    private SortedRange _range;
    private long _offset;
    private long _limit;

    /// <summary>By rank, so that how many elements there are is known before they are looked for.</summary>
    public bool IsByRank { get; private set; }

    /// <summary>From the highest score down.</summary>
    public bool IsReversed { get; private set; }

    public bool WithScores { get; private set; }

    /// <summary>Reads the ends of the range, from this argument on, and the options behind them; or replies with an error.</summary>
    /// <param name="kind">What the command's name says, or null where BYSCORE and BYLEX may say it.</param>
    /// <param name="isReversed">Likewise, or null where REV may say it.</param>
    /// <param name="takesScores">WITHSCORES is an option.</param>
    public static bool TryRead(Execution x, int first, RangeKind? kind, bool? isReversed, bool takesScores, out RangeQuery query)
    {
        query = new RangeQuery { _limit = -1 };
        if (!query.TryReadOptions(x, first + 2, ref kind, ref isReversed, takesScores)) return false;
        RangeKind by = kind ?? RangeKind.Rank;
        query.IsByRank = by == RangeKind.Rank;
        query.IsReversed = isReversed ?? false;
        if (query._limit != -1 && by == RangeKind.Rank)
        {
            x.Reply.Error("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"u8);
            return false;
        }
        if (query.WithScores && by == RangeKind.Member)
        {
            x.Reply.Error("ERR syntax error, WITHSCORES not supported in combination with BYLEX"u8);
            return false;
        }
        // From the highest down, scores and members are given that way too; ranks are not.
        bool isHighFirst = query.IsReversed && by != RangeKind.Rank;
        return SortedRange.TryRead(x, by, isHighFirst ? first + 1 : first, isHighFirst ? first : first + 1, out query._range);
    }

    /// <summary>The elements of a sorted set, which may be absent, that are asked for.</summary>
    public readonly RankRange In(in Key key)
    {
        RankRange all = _range.In(in key, IsReversed);
        return _offset == 0 && _limit < 0 ? all : all.Limited(_offset, _limit, IsReversed);
    }

    private bool TryReadOptions(Execution x, int first, ref RangeKind? kind, ref bool? isReversed, bool takesScores)
    {
        for (int i = first; i < x.Args.Count; i++)
        {
            if (takesScores && x.Is(i, "WITHSCORES"u8)) WithScores = true;
            else if (x.Is(i, "LIMIT"u8) && i + 2 < x.Args.Count)
            {
                if (!x.TryInteger(++i, out _offset) || !x.TryInteger(++i, out _limit)) return false;
            }
            else if (isReversed is null && x.Is(i, "REV"u8)) isReversed = true;
            else if (kind is null && x.Is(i, "BYLEX"u8)) kind = RangeKind.Member;
            else if (kind is null && x.Is(i, "BYSCORE"u8)) kind = RangeKind.Score;
            else
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
        }
        return true;
    }
}
