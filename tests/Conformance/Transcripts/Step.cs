using System.Text.RegularExpressions;

namespace Galley.Conformance.Transcripts;

/// <summary>How the replies of two servers to one step are compared.</summary>
public enum Sameness
{
    /// <summary>Byte for byte: the rule. Everything else is an exception that the transcript asks for by name.</summary>
    Exact,

    /// <summary>The same elements, in any order: where Redis promises none.</summary>
    Unordered,

    /// <summary>The same but for numbers that tell time, which may be apart by a tolerance.</summary>
    Time,

    /// <summary>The same but for numbers that the transcript names.</summary>
    Near,

    /// <summary>The same types all the way down, and errors to the letter.</summary>
    Shape,

    /// <summary>An error on both sides, to the letter, or on neither: where what is returned hangs on the hash (a cursor).</summary>
    Errors,

    /// <summary>The same, or listpack for hashtable: the encoding of small sets that Redis 7.2 brought.</summary>
    SetEncoding,

    /// <summary>redis-server 7.0.15 does not know it: the transcript says what the reply is to be.</summary>
    Expected,
}

/// <summary>The only reasons for which a reply may differ from redis-server's.</summary>
public enum Reason
{
    None,
    Time,
    Randomness,
    MemoryFigures,
    DocsTexts,
    NewerThanOracle,
    SetListpack,
}

public enum StepKind
{
    /// <summary>Sends a command and reads its replies.</summary>
    Command,

    /// <summary>Sends bytes as they stand.</summary>
    Raw,

    /// <summary>Reads what arrives without having been asked for.</summary>
    Read,

    /// <summary>The connection is to be closed by the server.</summary>
    Closed,

    /// <summary>The connection is closed by the client.</summary>
    Hangup,

    /// <summary>Runs a SCAN from cursor 0 to its end; what it returned is compared as a set.</summary>
    Scan,

    /// <summary>Lets time pass.</summary>
    Wait,
}

/// <summary>One line of a transcript.</summary>
public sealed record Step(int Line, string Source, string Connection, StepKind Kind)
{
    public byte[][] Words { get; init; } = [];

    public byte[] Bytes { get; init; } = [];

    public int Replies { get; init; } = 1;

    public int WaitMs { get; init; }

    public Sameness Sameness { get; init; } = Sameness.Exact;

    public Reason Reason { get; init; } = Reason.None;

    public long Tolerance { get; init; }

    /// <summary>The numbers that may be apart, where any may.</summary>
    public NearFields? Near { get; init; }

    /// <summary>What all of a newer command's reply is to match, where it is not known to the letter.</summary>
    public Regex? Pattern { get; set; }

    /// <summary>The reply that a newer command is to give, in RESP2 and in RESP3; null where any that is no error will do.</summary>
    public byte[]? Expected2 { get; set; }

    public byte[]? Expected3 { get; set; }

    /// <summary>The only protocol version in which the step runs; 0 for both.</summary>
    public int OnlyResp { get; init; }

    /// <summary>True for all but the last command of a pipeline: it is sent together with the one that follows.</summary>
    public bool IsHeld { get; init; }
}

/// <summary>Steps that begin on an empty server with connections of their own, so that one's failure is not another's.</summary>
public sealed record Section(string Name, IReadOnlyList<Step> Steps);
