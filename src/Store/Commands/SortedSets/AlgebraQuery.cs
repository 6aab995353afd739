using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.SortedSets;

/// <summary>How the scores of a member that is in several inputs become one.</summary>
internal enum Aggregate : byte
{
    Sum,
    Min,
    Max,

    /// <summary>The sum of the weights of the inputs that have it, whatever their scores.</summary>
    Count,
}

/// <summary>A sorted set, or a set whose members all have the score 1, that goes into a result.</summary>
/// <param name="Argument">Which argument is its key.</param>
internal readonly record struct AlgebraInput(int Argument, KeyType Type, long Count, double Weight)
{
    /// <summary>Opens it. It was found to be of the right type, and is still.</summary>
    public Key Open(Execution x) => x.Peek(Argument);

    /// <summary>The score of a member in it.</summary>
    public bool TryGetScore(in Key key, ReadOnlySpan<byte> member, out double score)
    {
        if (Type == KeyType.SortedSet) return SortedSetValue.TryGetScore(in key, member, out score);
        score = 1;
        return SetValue.Contains(in key, member);
    }
}

/// <summary>What ZUNION, ZINTER, ZDIFF and their STORE forms are given: inputs, and what to do with their scores.</summary>
internal struct AlgebraQuery
{
    public AlgebraInput[] Inputs;
    public Aggregate Aggregate;
    public bool WithScores;

    /// <summary>Reads keys and options from the count of keys on, or replies with an error.</summary>
    /// <param name="takesWeights">WEIGHTS and AGGREGATE are options.</param>
    /// <param name="takesScores">WITHSCORES is.</param>
    public static bool TryRead(Execution x, int numKeys, bool takesWeights, bool takesScores, out AlgebraQuery query)
    {
        query = default;
        if (!TryReadInputs(x, numKeys, ref query)) return false;
        int keys = query.Inputs.Length;
        for (int i = numKeys + 1 + keys; i < x.Args.Count; i++)
        {
            int left = x.Args.Count - i - 1;
            if (takesWeights && left >= keys && x.Is(i, "WEIGHTS"u8))
            {
                if (!query.TryReadWeights(x, i + 1)) return false;
                i += keys;
            }
            else if (takesWeights && left >= 1 && x.Is(i, "AGGREGATE"u8))
            {
                if (!TryReadAggregate(x, ++i, out query.Aggregate)) return false;
            }
            else if (takesScores && x.Is(i, "WITHSCORES"u8)) query.WithScores = true;
            else
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
        }
        return true;
    }

    /// <summary>Reads the count of keys and opens each, which must hold a set or a sorted set; or replies with an error.</summary>
    public static bool TryReadInputs(Execution x, int numKeys, ref AlgebraQuery query)
    {
        if (!x.TryInteger(numKeys, out long count)) return false;
        if (count < 1)
        {
            x.Reply.Error($"ERR at least 1 input key is needed for '{x.CommandName}' command");
            return false;
        }
        if (count > x.Args.Count - numKeys - 1)
        {
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        query.Inputs = new AlgebraInput[count];
        for (int i = 0; i < query.Inputs.Length; i++)
        {
            Key key = x.Read(numKeys + 1 + i);
            if (!key.IsAbsentOr(KeyType.SortedSet) && key.Type != KeyType.Set)
            {
                x.Reply.Error(Errors.WrongType);
                return false;
            }
            KeyType type = key.Exists ? key.Type : KeyType.SortedSet;
            long elements = type == KeyType.Set ? SetValue.Count(in key) : SortedSetValue.Count(in key);
            query.Inputs[i] = new AlgebraInput(numKeys + 1 + i, type, elements, 1);
        }
        return true;
    }

    /// <summary>Puts the inputs into the order of their sizes; those of one size stay as they were, since sums of scores depend on it.</summary>
    public readonly void SortBySize() =>
        Array.Sort(Inputs, (x, y) => x.Count != y.Count ? x.Count.CompareTo(y.Count) : x.Argument.CompareTo(y.Argument));

    private readonly bool TryReadWeights(Execution x, int first)
    {
        for (int i = 0; i < Inputs.Length; i++)
        {
            if (!Galley.Resp.Protocol.Numbers.TryParseDouble(x.Args[first + i], out double weight))
            {
                x.Reply.Error("ERR weight value is not a float"u8);
                return false;
            }
            Inputs[i] = Inputs[i] with { Weight = weight };
        }
        return true;
    }

    private static bool TryReadAggregate(Execution x, int argument, out Aggregate aggregate)
    {
        aggregate = Aggregate.Sum;
        if (x.Is(argument, "SUM"u8)) return true;
        if (x.Is(argument, "MIN"u8)) aggregate = Aggregate.Min;
        else if (x.Is(argument, "MAX"u8)) aggregate = Aggregate.Max;
        else if (x.Is(argument, "COUNT"u8)) aggregate = Aggregate.Count;
        else x.Reply.Error(Errors.Syntax);
        return aggregate != Aggregate.Sum;
    }
}
