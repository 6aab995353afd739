using Galley.Resp.Transport;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>Counters that INFO shows; written under the gate.</summary>
public sealed class ServerStats
{
    private const int SampleIntervalMs = 100;

    /// <summary>Kinds of errors that are counted apart; as in redis-server, one more and none is until CONFIG RESETSTAT.</summary>
    private const int ErrorCodesMax = 128;

    /// <summary>The one entry that tells that errors are counted by code no longer.</summary>
    private const string ErrorCodesDisabled = "ERRORSTATS_DISABLED";

    private CounterRate _commandRate;
    private CounterRate _receivedRate;
    private CounterRate _sentRate;
    private long _sampledMs;

    /// <summary>What the RESP door has carried.</summary>
    public Traffic Traffic { get; } = new();

    public long Commands { get; set; }

    public long Connections { get; set; }

    /// <summary>Commands a second, of the last second or so.</summary>
    public long OperationsPerSecond => (long)_commandRate.PerSecond;

    /// <summary>Bytes a second that the RESP door receives, of the last second or so.</summary>
    public double ReceivedBytesPerSecond => _receivedRate.PerSecond;

    /// <summary>Bytes a second that the RESP door sends, of the last second or so.</summary>
    public double SentBytesPerSecond => _sentRate.PerSecond;

    public long RejectedConnections { get; set; }

    public long KeyspaceHits { get; set; }

    public long KeyspaceMisses { get; set; }

    public long ExpiredKeys { get; set; }

    /// <summary>Turns of the cron that ended for want of time while keys were due.</summary>
    public long ExpiryCutShort { get; set; }

    /// <summary>Time that the cron has spent on keys that are due, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long ExpiryTicks { get; set; }

    /// <summary>Fields of hashes that have expired.</summary>
    public long ExpiredFields { get; set; }

    public long EvictedKeys { get; set; }

    /// <summary>Clients that were cut off because all together held too much.</summary>
    public long EvictedClients { get; set; }

    /// <summary>How long <c>maxmemory</c> was exceeded, but for the time that it is now, in milliseconds.</summary>
    public long EvictionExceededMs { get; set; }

    public long LazyFreedObjects { get; set; }

    public long ErrorReplies { get; set; }

    /// <summary>AUTH and HELLO with a user or password that is wrong.</summary>
    public long AuthenticationsDenied { get; set; }

    /// <summary>Changes since the start; its distance from a save is rdb_changes_since_last_save.</summary>
    public long Dirty { get; set; }

    public long OutputLimitDisconnections { get; set; }

    public long PeakUsedBytes { get; set; }

    /// <summary>The longest turn that Galley's own work (expiry, freeing, snapshots) has held the gate, in microseconds.</summary>
    public long OwnWorkMaxMicroseconds { get; set; }

    /// <summary>What compaction of the arena does, and has done.</summary>
    public CompactionStats Compaction { get; } = new();

    /// <summary>Error replies by their code word.</summary>
    public Dictionary<string, long> ErrorsByCode { get; } = [];

    /// <summary>Looks at the counters; about ten times a second, with the time in milliseconds.</summary>
    public void Sample(long nowMs)
    {
        long elapsedMs = nowMs - _sampledMs;
        if (elapsedMs < SampleIntervalMs) return;
        _commandRate.Sample(Commands, elapsedMs);
        _receivedRate.Sample(Traffic.ReceivedBytes, elapsedMs);
        _sentRate.Sample(Traffic.SentBytes, elapsedMs);
        _sampledMs = nowMs;
    }

    public void Reset()
    {
        Commands = Connections = RejectedConnections = KeyspaceHits = KeyspaceMisses = 0;
        ExpiredKeys = ExpiredFields = EvictedKeys = EvictedClients = EvictionExceededMs = LazyFreedObjects = ErrorReplies = 0;
        OutputLimitDisconnections = AuthenticationsDenied = 0;
        OwnWorkMaxMicroseconds = ExpiryCutShort = ExpiryTicks = 0;
        _commandRate = _receivedRate = _sentRate = default;
        Traffic.Reset();
        Compaction.Reset();
        ErrorsByCode.Clear();
    }

    /// <summary>What was loaded was counted when it happened; nobody but the loader has touched keys meanwhile.</summary>
    public void ForgetReplay() => KeyspaceHits = KeyspaceMisses = ExpiredKeys = Dirty = 0;

    public void CountError(string code)
    {
        ErrorReplies++;
        if (ErrorsByCode.TryGetValue(code, out long count)) ErrorsByCode[code] = count + 1;
        else if (!ErrorsByCode.ContainsKey(ErrorCodesDisabled)) CountFirst(code);
    }

    /// <summary>Scripts make codes at will: who floods the table empties it, and leaves word.</summary>
    private void CountFirst(string code)
    {
        bool isFull = ErrorsByCode.Count == ErrorCodesMax;
        if (isFull) ErrorsByCode.Clear();
        ErrorsByCode[isFull ? ErrorCodesDisabled : code] = 1;
    }
}
