using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>
/// A border in the order of a sorted set, by score, by member among equal scores, or by both. An element is before it or
/// not; the elements that are before it are the first ones.
/// </summary>
public readonly ref struct SortedBound
{
    private readonly Kind _kind;
    private readonly double _score;
    private readonly ReadOnlySpan<byte> _member;

    private SortedBound(Kind kind, double score, ReadOnlySpan<byte> member)
    {
        _kind = kind;
        _score = score;
        _member = member;
    }

    private enum Kind : byte
    {
        Start,
        End,
        BeforeScore,
        AfterScore,
        Element,
        BeforeMember,
        AfterMember,
    }

    /// <summary>Nothing is before it.</summary>
    public static SortedBound Start => default;

    /// <summary>Everything is before it.</summary>
    public static SortedBound End => new(Kind.End, 0, default);

    /// <summary>Before the first element with this score.</summary>
    public static SortedBound BeforeScore(double score) => new(Kind.BeforeScore, score, default);

    /// <summary>Behind the last element with this score.</summary>
    public static SortedBound AfterScore(double score) => new(Kind.AfterScore, score, default);

    /// <summary>Where this element is, or would be.</summary>
    public static SortedBound Element(double score, ReadOnlySpan<byte> member) => new(Kind.Element, score, member);

    /// <summary>Before this member, where all scores are the same.</summary>
    public static SortedBound BeforeMember(ReadOnlySpan<byte> member) => new(Kind.BeforeMember, 0, member);

    /// <summary>Behind this member, where all scores are the same.</summary>
    public static SortedBound AfterMember(ReadOnlySpan<byte> member) => new(Kind.AfterMember, 0, member);

    /// <summary>Whether an element with this score is before it; Unknown where its member must be looked at.</summary>
    internal Order OrderOf(double score) => _kind switch
    {
        Kind.Start => Order.NotBefore,
        Kind.End => Order.Before,
        Kind.BeforeScore => score < _score ? Order.Before : Order.NotBefore,
        Kind.AfterScore => score <= _score ? Order.Before : Order.NotBefore,
        Kind.Element => score < _score ? Order.Before : score > _score ? Order.NotBefore : Order.Unknown,
        _ => Order.Unknown,
    };

    /// <summary>Whether an element, whose score did not tell, is before it by its member.</summary>
    internal bool IsAfter(ReadOnlySpan<byte> member)
    {
        int order = member.SequenceCompareTo(_member);
        return _kind == Kind.AfterMember ? order <= 0 : order < 0;
    }

    /// <summary>Whether an element is before it.</summary>
    internal bool IsAfter(double score, ReadOnlySpan<byte> member)
    {
        Order order = OrderOf(score);
        return order == Order.Unknown ? IsAfter(member) : order == Order.Before;
    }
}

/// <summary>What a score alone tells of an element and a border.</summary>
internal enum Order : byte
{
    Before,
    NotBefore,
    Unknown,
}
