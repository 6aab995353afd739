namespace Galley.Store.Persistence.Aof;

/// <summary>
/// <c>appendfsync</c>: when what was written is flushed to the disk, and so what an acknowledged write survives.
/// </summary>
public enum FsyncPolicy : byte
{
    /// <summary>Before the reply leaves: survives a power cut.</summary>
    Always,

    /// <summary>Once a second: survives the end of the process; a power cut takes the last second or so.</summary>
    EverySecond,

    /// <summary>When the kernel sees fit: survives the end of the process.</summary>
    No,
}
