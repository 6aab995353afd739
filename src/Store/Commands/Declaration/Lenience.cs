namespace Galley.Store.Commands;

/// <summary>
/// Where Upstash's server takes what redis-server refuses. A lenience holds for the sessions of the REST door alone; at
/// RESP Galley is redis-server to the letter. Each is one member here, and one question (<see cref="Execution.Allows"/>)
/// at the rule that it bends.
/// </summary>
[Flags]
public enum Lenience : uint
{
    None = 0,

    /// <summary>SCAN cursor WITHTYPE: each key is followed by its type.</summary>
    ScanWithType = 1 << 0,

    /// <summary>COPY of a key to itself copies nothing, and replies 0.</summary>
    CopyToItself = 1 << 1,

    /// <summary>UNLINK without a key replies 0.</summary>
    UnlinkNothing = 1 << 2,

    All = ScanWithType | CopyToItself | UnlinkNothing,
}
