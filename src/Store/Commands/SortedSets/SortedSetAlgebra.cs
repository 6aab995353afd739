using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.SortedSets;

/// <summary>
/// Unions, intersections and differences of sorted sets and sets. Inputs are opened one after the other, never two at a
/// time: an intersection takes a batch of elements from the smallest input and sifts it through the others.
/// </summary>
internal static class SortedSetAlgebra
{
    private const int BatchElements = 1024;

    /// <summary>What is in any of the inputs.</summary>
    public static void Union(Execution x, in AlgebraQuery query, SortedSetDraft result)
    {
        query.SortBySize();
        foreach (AlgebraInput input in query.Inputs)
        {
            if (input.Count == 0) continue;
            Key key = input.Open(x);
            var uniting = new Uniting(result, query.Aggregate, input.Weight);
            Scan(in key, input.Type, 0, int.MaxValue, ref uniting);
        }
    }

    /// <summary>What is in all of the inputs.</summary>
    public static void Intersection(Execution x, in AlgebraQuery query, SortedSetDraft result)
    {
        query.SortBySize();
        ulong cursor = 0;
        do IntersectBatch(x, in query, result, ref cursor);
        while (cursor != 0);
    }

    /// <summary>How many members are in all of the inputs; it need not count beyond the limit (0: none).</summary>
    public static long CountIntersection(Execution x, in AlgebraQuery query, SortedSetDraft batch, long limit)
    {
        query.SortBySize();
        long count = 0;
        ulong cursor = 0;
        do
        {
            IntersectBatch(x, in query, batch, ref cursor);
            count += batch.Count;
            batch.Truncate(0);
        }
        while (cursor != 0 && (limit == 0 || count < limit));
        return limit > 0 ? Math.Min(count, limit) : count;
    }

    /// <summary>What is in the first of the inputs and in none of the others.</summary>
    public static void Difference(Execution x, in AlgebraQuery query, SortedSetDraft result)
    {
        ulong cursor = 0;
        do
        {
            int from = result.Count;
            Gather(x, in query, result, ref cursor);
            foreach (AlgebraInput input in query.Inputs.AsSpan(1))
            {
                if (input.Count == 0) continue;
                var absent = new Absent(input.Open(x), input);
                result.Filter(from, ref absent);
            }
        }
        while (cursor != 0);
    }

    private static void IntersectBatch(Execution x, in AlgebraQuery query, SortedSetDraft result, ref ulong cursor)
    {
        int from = result.Count;
        Gather(x, in query, result, ref cursor);
        foreach (AlgebraInput input in query.Inputs.AsSpan(1))
        {
            var present = new Present(input.Open(x), input, query.Aggregate);
            result.Filter(from, ref present);
        }
    }

    /// <summary>Adds elements of the first input to the result; the cursor is 0 after the last.</summary>
    private static void Gather(Execution x, in AlgebraQuery query, SortedSetDraft result, ref ulong cursor)
    {
        AlgebraInput first = query.Inputs[0];
        if (first.Count == 0) return;
        Key key = first.Open(x);
        var gathering = new Gathering(result, query.Aggregate, first.Weight);
        cursor = Scan(in key, first.Type, cursor, BatchElements, ref gathering);
    }

    private static ulong Scan<TVisitor>(in Key key, KeyType type, ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, ISortedVisitor
    {
        if (type == KeyType.SortedSet) return SortedSetValue.Scan(in key, cursor, count, ref visitor);
        var members = new MembersOfSet<TVisitor>(visitor);
        return SetValue.Scan(in key, cursor, count, ref members);
    }

    /// <summary>What the first score of a member is in the result.</summary>
    private static double First(Aggregate aggregate, double weight, double score)
    {
        double value = Weighted(aggregate, weight, score);
        return double.IsNaN(value) ? 0 : value;
    }

    private static double Weighted(Aggregate aggregate, double weight, double score) =>
        aggregate == Aggregate.Count ? weight : weight * score;

    /// <summary>As in redis-server the sum of the two infinities is 0, and NaN is no minimum or maximum.</summary>
    private static double Combine(Aggregate aggregate, double score, double value)
    {
        switch (aggregate)
        {
            case Aggregate.Min:
                return value < score ? value : score;
            case Aggregate.Max:
                return value > score ? value : score;
            default:
                double sum = score + value;
                return double.IsNaN(sum) ? 0 : sum;
        }
    }

    private readonly struct Uniting(SortedSetDraft result, Aggregate aggregate, double weight) : ISortedVisitor
    {
        public void Visit(scoped ListPackElement member, double score)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            double value = First(aggregate, weight, score);
            if (!result.TryAdd(member.TextIn(digits), value, out SortedEntry there))
                result.SetScore(there, Combine(aggregate, there.Score, value));
        }
    }

    private readonly struct Gathering(SortedSetDraft result, Aggregate aggregate, double weight) : ISortedVisitor
    {
        public void Visit(scoped ListPackElement member, double score)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            result.Add(member.TextIn(digits), First(aggregate, weight, score));
        }
    }

    private readonly struct MembersOfSet<TVisitor>(TVisitor visitor) : IMemberVisitor where TVisitor : struct, ISortedVisitor
    {
        public void Visit(ListPackElement member) => visitor.Visit(member, 1);
    }

    /// <summary>Keeps what another input has too, and takes its score in.</summary>
    private readonly ref struct Present(Key key, AlgebraInput input, Aggregate aggregate) : ISortedFilter
    {
        private readonly Key _key = key;

        public bool Accepts(ReadOnlySpan<byte> member, ref double score)
        {
            if (!input.TryGetScore(in _key, member, out double other)) return false;
            score = Combine(aggregate, score, Weighted(aggregate, input.Weight, other));
            return true;
        }
    }

    /// <summary>Keeps what another input has not.</summary>
    private readonly ref struct Absent(Key key, AlgebraInput input) : ISortedFilter
    {
        private readonly Key _key = key;

        public bool Accepts(ReadOnlySpan<byte> member, ref double score) => !input.TryGetScore(in _key, member, out _);
    }
}
