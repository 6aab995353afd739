namespace Galley.Store.Commands;

/// <summary>What a command does with a key, in the words of COMMAND INFO.</summary>
[Flags]
public enum KeyAccess : ushort
{
    None = 0,

    /// <summary>Read-only, read-write, overwrite, or remove: exactly one of the four.</summary>
    RO = 1 << 0,
    RW = 1 << 1,
    OW = 1 << 2,
    RM = 1 << 3,

    /// <summary>Returns, or otherwise tells of, the user's data: needs the permission to read.</summary>
    Access = 1 << 4,

    /// <summary>Changes, adds or takes away data: each needs the permission to write.</summary>
    Update = 1 << 5,
    Insert = 1 << 6,
    Delete = 1 << 7,

    /// <summary>Is no key, but goes to a slot as one does (a shard channel).</summary>
    NotKey = 1 << 8,

    /// <summary>The specification may not find all the keys.</summary>
    Incomplete = 1 << 9,

    /// <summary>The access depends on the arguments.</summary>
    VariableFlags = 1 << 10,

    /// <summary>Any of these needs the permission to write.</summary>
    Writes = Update | Insert | Delete,
}

/// <summary>Where the search for keys begins.</summary>
public enum KeySearch : byte
{
    /// <summary>At a fixed argument.</summary>
    Index,

    /// <summary>After a token.</summary>
    Keyword,

    /// <summary>After a token that may stand anywhere among the options; COMMAND INFO says unknown, but the grammar tells.</summary>
    Options,

    /// <summary>After a token that may come more than once among the options, the last of which counts; COMMAND INFO says a keyword.</summary>
    LastOption,

    /// <summary>It depends on data, and no look at the arguments can tell (SORT BY).</summary>
    Unknown,
}

/// <summary>
/// One key specification of a command, as Redis 7 defines it: where to begin, and how to go on from there. By default
/// one key; a negative <see cref="LastKey"/> counts from the end.
/// </summary>
public sealed record KeySpecification
{
    public required KeyAccess Access { get; init; }

    /// <summary>The access where none of <see cref="VariableTokens"/> is among the arguments (SET without GET).</summary>
    public KeyAccess AccessWithoutTokens { get; init; }

    public string[] VariableTokens { get; init; } = [];

    public string Note { get; init; } = "";

    public KeySearch Search { get; init; }

    /// <summary>The argument at which the search begins; for a keyword, negative ones count from the end, backwards.</summary>
    public int Start { get; init; }

    public string Keyword { get; init; } = "";

    /// <summary>The number of keys stands where the search begins, and the keys follow it.</summary>
    public bool IsCounted { get; init; }

    /// <summary>The last key, counted from the first; negative: from the last argument, -1.</summary>
    public int LastKey { get; init; }

    /// <summary>From one key to the next.</summary>
    public int Step { get; init; } = 1;

    /// <summary>With a negative last key: the keys are the first one in so many of what is left.</summary>
    public int Limit { get; init; }
}
