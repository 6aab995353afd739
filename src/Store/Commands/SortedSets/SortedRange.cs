using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.SortedSets;

/// <summary>By what a range of a sorted set is named.</summary>
internal enum RangeKind : byte
{
    Rank,
    Score,

    /// <summary>By member, where all scores are the same: what Redis calls lex.</summary>
    Member,
}

/// <summary>Elements that follow each other: the rank of the first, from the lowest score on, and how many.</summary>
internal readonly record struct RankRange(long First, long Count)
{
    /// <summary>What LIMIT leaves of it. As in redis-server a negative offset leaves nothing, and a negative limit all.</summary>
    public RankRange Limited(long offset, long limit, bool isReversed)
    {
        if (offset < 0 || offset >= Count) return default;
        long count = limit < 0 ? Count - offset : Math.Min(limit, Count - offset);
        return new RankRange(isReversed ? First + Count - offset - count : First + offset, count);
    }

    /// <summary>A walk that begins with the first of them, or with the last; there is one.</summary>
    public SortedWalk Walk(in Key key, bool isReversed = false) =>
        SortedSetValue.Walk(in key, isReversed ? First + Count - 1 : First, isReversed);
}

/// <summary>A range as a command gives it, between two ranks, two scores or two members.</summary>
internal readonly ref struct SortedRange
{
    private readonly RangeKind _kind;
    private readonly SortedBound _from;
    private readonly SortedBound _to;
    private readonly long _first;
    private readonly long _last;

    private SortedRange(long first, long last)
    {
        _kind = RangeKind.Rank;
        _first = first;
        _last = last;
    }

    private SortedRange(RangeKind kind, SortedBound from, SortedBound to)
    {
        _kind = kind;
        _from = from;
        _to = to;
    }

    /// <summary>Reads the two ends, or replies with an error.</summary>
    /// <param name="low">The argument that is the lower end.</param>
    /// <param name="high">The one that is the upper end.</param>
    public static bool TryRead(Execution x, RangeKind kind, int low, int high, out SortedRange range)
    {
        range = default;
        if (kind == RangeKind.Rank)
        {
            if (!x.TryInteger(low, out long first) || !x.TryInteger(high, out long last)) return false;
            range = new SortedRange(first, last);
            return true;
        }
        bool isScore = kind == RangeKind.Score;
        bool isRead = isScore
            ? TryReadScore(x.Args[low], isUpper: false, out SortedBound from) & TryReadScore(x.Args[high], isUpper: true, out SortedBound to)
            : TryReadMember(x.Args[low], isUpper: false, out from) & TryReadMember(x.Args[high], isUpper: true, out to);
        if (!isRead)
        {
            x.Reply.Error(isScore ? Errors.MinOrMaxNotFloat : Errors.MinOrMaxNotMember);
            return false;
        }
        range = new SortedRange(kind, from, to);
        return true;
    }

    /// <summary>The elements of a sorted set, which may be absent, that lie in it.</summary>
    /// <param name="isReversed">Ranks count from the highest score on.</param>
    public RankRange In(in Key key, bool isReversed = false)
    {
        long total = SortedSetValue.Count(in key);
        if (total == 0) return default;
        if (_kind == RangeKind.Rank) return BetweenRanks(total, isReversed);
        long from = SortedSetValue.RankOf(in key, _from);
        long count = SortedSetValue.RankOf(in key, _to) - from;
        return count > 0 ? new RankRange(from, count) : default;
    }

    private RankRange BetweenRanks(long total, bool isReversed)
    {
        long first = Math.Max(_first < 0 ? _first + total : _first, 0);
        long last = Math.Min(_last < 0 ? _last + total : _last, total - 1);
        if (first > last) return default;
        return new RankRange(isReversed ? total - 1 - last : first, last - first + 1);
    }

    /// <summary>A score, or <c>(score</c> for the elements beyond it.</summary>
    private static bool TryReadScore(ReadOnlySpan<byte> text, bool isUpper, out SortedBound bound)
    {
        bool isExclusive = text is [(byte)'(', ..];
        bool isRead = Numbers.TryParseDoubleLeniently(isExclusive ? text[1..] : text, out double score);
        bound = isExclusive == isUpper ? SortedBound.BeforeScore(score) : SortedBound.AfterScore(score);
        return isRead;
    }

    /// <summary><c>[member</c>, <c>(member</c> for the elements beyond it, <c>-</c> and <c>+</c> for the ends.</summary>
    private static bool TryReadMember(ReadOnlySpan<byte> text, bool isUpper, out SortedBound bound)
    {
        bound = SortedBound.Start;
        if (text.IsEmpty) return false;
        // redis-server reads a string of C here, which ends at a NUL.
        bool isAlone = text.Length == 1 || text[1] == 0;
        switch (text[0])
        {
            case (byte)'-':
                return isAlone;
            case (byte)'+':
                bound = SortedBound.End;
                return isAlone;
            case (byte)'[' or (byte)'(':
                bool isExclusive = text[0] == '(';
                bound = isExclusive == isUpper ? SortedBound.BeforeMember(text[1..]) : SortedBound.AfterMember(text[1..]);
                return true;
            default:
                return false;
        }
    }
}
