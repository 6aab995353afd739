namespace Galley.Store.Commands;

/// <summary>Counters that INFO shows; written under the gate.</summary>
public sealed class ServerStats
{
    private const int SampleIntervalMs = 100;

    /// <summary>How many samples a moving average remembers.</summary>
    private const int SamplesHeld = 8;

    private long _sampledMs;
    private long _sampledCommands;

    public long Commands { get; set; }

    public long Connections { get; set; }

    /// <summary>Commands a second, of the last second or so.</summary>
    public long OperationsPerSecond { get; private set; }

    public long RejectedConnections { get; set; }

    public long KeyspaceHits { get; set; }

    public long KeyspaceMisses { get; set; }

    public long ExpiredKeys { get; set; }

    /// <summary>Fields of hashes that have expired.</summary>
    public long ExpiredFields { get; set; }

    public long EvictedKeys { get; set; }

    public long LazyFreedObjects { get; set; }

    public long ErrorReplies { get; set; }

    /// <summary>Changes since the start; its distance from a save is rdb_changes_since_last_save.</summary>
    public long Dirty { get; set; }

    public long OutputLimitDisconnections { get; set; }

    public long QueryLimitDisconnections { get; set; }

    public long PeakUsedBytes { get; set; }

    /// <summary>The longest turn that Galley's own work (expiry, freeing, snapshots) has held the gate, in microseconds.</summary>
    public long OwnWorkMaxMicroseconds { get; set; }

    /// <summary>Error replies by their code word.</summary>
    public Dictionary<string, long> ErrorsByCode { get; } = [];

    /// <summary>Looks at the counters; about ten times a second, with the time in milliseconds.</summary>
    public void Sample(long nowMs)
    {
        long elapsedMs = nowMs - _sampledMs;
        if (elapsedMs < SampleIntervalMs) return;
        long rate = (Commands - _sampledCommands) * 1000 / elapsedMs;
        OperationsPerSecond = (OperationsPerSecond * (SamplesHeld - 1) + rate) / SamplesHeld;
        _sampledMs = nowMs;
        _sampledCommands = Commands;
    }

    public void Reset()
    {
        Commands = Connections = RejectedConnections = KeyspaceHits = KeyspaceMisses = 0;
        ExpiredKeys = ExpiredFields = EvictedKeys = LazyFreedObjects = ErrorReplies = 0;
        OutputLimitDisconnections = QueryLimitDisconnections = 0;
        OwnWorkMaxMicroseconds = _sampledCommands = OperationsPerSecond = 0;
        ErrorsByCode.Clear();
    }

    public void CountError(string code)
    {
        ErrorReplies++;
        ErrorsByCode[code] = ErrorsByCode.GetValueOrDefault(code) + 1;
    }
}
