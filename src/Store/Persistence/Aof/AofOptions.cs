using Galley.Store.Observability;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <summary>Where the append-only file lies and how it is kept; the defaults are redis-server's.</summary>
public sealed record AofOptions
{
    public IFiles Files { get; init; } = SystemFiles.Instance;

    /// <summary><c>dir</c>: the working directory of the data.</summary>
    public required string Directory { get; init; }

    /// <summary><c>appenddirname</c>.</summary>
    public string FolderName { get; init; } = "appendonlydir";

    /// <summary><c>appendfilename</c>: the beginning of the name of every file of the set.</summary>
    public string FileName { get; init; } = "appendonly.aof";

    /// <summary><c>appendfsync</c>, at the start.</summary>
    public FsyncPolicy Policy { get; init; } = FsyncPolicy.EverySecond;

    /// <summary><c>aof-load-truncated</c>.</summary>
    public bool LoadsTruncated { get; init; } = true;

    /// <summary><c>aof-load-corrupt-tail-max-size</c>, asked when a log is loaded.</summary>
    public Func<long> CorruptTailBytesMax { get; init; } = static () => 0;

    /// <summary><c>aof-timestamp-enabled</c>, asked at each write, on any thread.</summary>
    public Func<bool> WritesTimestamps { get; init; } = static () => false;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes the lines for the server's log; called on any thread.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Is told how long writes take, and flushes that writers wait for; null where nobody asks.</summary>
    public LatencyMonitor? Latency { get; init; }

    /// <summary>Bytes that may lie unflushed under <c>everysec</c> and <c>no</c> before they are flushed ahead of time.</summary>
    public long FlushAheadBytes { get; init; } = 32L << 20;

    /// <summary>
    /// Bytes that may lie unflushed under <c>everysec</c> and <c>no</c> at all: until a flush has failed or not, memory keeps them,
    /// so a disk that does not follow has to slow the writers down. Redis stops at 2 s of delay; Galley counts bytes.
    /// </summary>
    public long UnflushedBytesMax { get; init; } = 256L << 20;
}
