namespace Galley.Store.Keyspace.Values;

/// <summary>Under what conditions a member gets a score, and whether it is a score or an increment.</summary>
[Flags]
internal enum ScoreRule : byte
{
    None = 0,

    /// <summary>Only a member that is not there yet.</summary>
    OnlyNew = 1 << 0,

    /// <summary>Only a member that is there.</summary>
    OnlyThere = 1 << 1,

    /// <summary>A member that is there only to a greater score.</summary>
    OnlyGreater = 1 << 2,

    /// <summary>A member that is there only to a lower score.</summary>
    OnlyLess = 1 << 3,

    /// <summary>The number is added to the score of a member that is there.</summary>
    Add = 1 << 4,
}

/// <summary>What became of a member.</summary>
internal enum ScoreOutcome : byte
{
    Added,
    Changed,

    /// <summary>It had this score already.</summary>
    Same,

    /// <summary>The rule did not let it happen.</summary>
    Refused,

    /// <summary>The sum of two infinities; nothing was changed.</summary>
    NotANumber,
}
