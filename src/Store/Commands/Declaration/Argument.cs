namespace Galley.Store.Commands;

public enum ArgumentType : byte
{
    String,
    Key,
    Integer,
    Double,
    Pattern,
    UnixTime,

    /// <summary>A literal word and nothing else: <c>NX</c>.</summary>
    PureToken,

    /// <summary>One of its items.</summary>
    OneOf,

    /// <summary>All of its items, one after the other.</summary>
    Block,
}

/// <summary>One node of a command's grammar, as COMMAND DOCS describes it.</summary>
public sealed class Argument
{
    public required string Name { get; init; }

    public required ArgumentType Type { get; init; }

    /// <summary>The literal word that stands before it, or that it is; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>The parts of a block, the alternatives of a one-of; else empty.</summary>
    public Argument[] Items { get; init; } = [];

    public bool IsOptional { get; init; }

    /// <summary>It may stand more than once.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Where it is repeated, so is its token: <c>GET a GET b</c>.</summary>
    public bool IsTokenRepeated { get; init; }

    /// <summary>Which of the command's key specifications finds this key; -1 for what is no key.</summary>
    public int KeySpecIndex { get; internal set; } = -1;

    /// <summary>The words that it takes at the least, when it is there.</summary>
    public int WordsMin => Type switch
    {
        ArgumentType.PureToken => 1,
        ArgumentType.OneOf => TokenWords + Shortest(Items),
        ArgumentType.Block => TokenWords + Sum(Items),
        _ => TokenWords + 1,
    };

    /// <summary>It takes as many words in every call.</summary>
    public bool IsFixed => !IsOptional && !IsRepeated && Type switch
    {
        ArgumentType.OneOf => Array.TrueForAll(Items, item => item.IsFixed && item.WordsMin == Items[0].WordsMin),
        ArgumentType.Block => Array.TrueForAll(Items, item => item.IsFixed),
        _ => true,
    };

    private int TokenWords => Token is null ? 0 : 1;

    /// <summary>The words that a sequence takes at the least.</summary>
    public static int Sum(ReadOnlySpan<Argument> sequence)
    {
        int words = 0;
        foreach (Argument argument in sequence)
            if (!argument.IsOptional) words += argument.WordsMin;
        return words;
    }

    /// <summary>The same words would be read: what <c>member [member ...]</c> says twice.</summary>
    internal bool IsSameAs(Argument other) =>
        Name == other.Name && Type == other.Type && Token == other.Token &&
        IsOptional == other.IsOptional && IsRepeated == other.IsRepeated && AreSame(Items, other.Items);

    internal static bool AreSame(ReadOnlySpan<Argument> left, ReadOnlySpan<Argument> right)
    {
        if (left.Length != right.Length) return false;
        for (int i = 0; i < left.Length; i++)
            if (!left[i].IsSameAs(right[i])) return false;
        return true;
    }

    /// <summary>The same argument, marked as optional, repeated, or read after a token.</summary>
    internal Argument With(
        bool optional = false, bool repeated = false, bool tokenRepeated = false, string? token = null) => new()
    {
        Name = Name,
        Type = Type,
        Token = token ?? Token,
        Items = Items,
        IsOptional = IsOptional || optional,
        IsRepeated = IsRepeated || repeated,
        IsTokenRepeated = IsTokenRepeated || tokenRepeated,
    };

    private static int Shortest(Argument[] alternatives)
    {
        int words = int.MaxValue;
        foreach (Argument alternative in alternatives)
            words = Math.Min(words, alternative.IsOptional ? 0 : alternative.WordsMin);
        return words;
    }
}
