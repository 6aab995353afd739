namespace Galley.Store.Configuration;

/// <summary>The keyspace and the commands.</summary>
public sealed partial class Settings
{
    private const int HzMax = 500;

    internal byte[] ChangeFeedKeyBytes { get; private set; } = "galley:changes"u8.ToArray();

    [Parameter("databases", Min = 1, Change = Change.AtStart)]
    public int Databases { get; set; } = 16;

    /// <summary>Internal: partitions of one database, 1, 4 or 16,384. Clients see no difference.</summary>
    [Parameter("partitions", Min = 1, Max = 16384, Change = Change.AtStart)]
    public int Partitions { get; set; } = 1;

    /// <summary>Turns of the cron in a second; as in redis-server, what lies outside 1 to 500 is taken to its bound.</summary>
    [Parameter("hz")]
    public int Hz { get; set => field = Math.Clamp(value, 1, HzMax); } = 10;

    /// <summary><c>maxmemory</c> as it is to be kept to: more than 63 bits is no limit that could be reached. Zero: as much as there is.</summary>
    public long MaxMemory => (long)Math.Min(MaxMemoryGiven, long.MaxValue);

    /// <summary>As it was given, in all of its 64 bits.</summary>
    [Parameter("maxmemory", Unit = Unit.Memory)]
    public ulong MaxMemoryGiven { get; set; }

    [Parameter("maxmemory-policy")]
    public MaxMemoryPolicy MaxMemoryPolicy { get; set; } = MaxMemoryPolicy.Noeviction;

    /// <summary>Keys that are looked at for each that goes.</summary>
    [Parameter("maxmemory-samples", Min = 1)]
    public int MaxMemorySamples { get; set; } = 5;

    /// <summary>How long eviction may hold a command up: 10 is half a millisecond, 100 as long as it takes.</summary>
    [Parameter("maxmemory-eviction-tenacity", Max = 100)]
    public int MaxMemoryEvictionTenacity { get; set; } = 10;

    /// <summary>What all clients together may hold; beyond it those that hold most are cut off.</summary>
    [Parameter("maxmemory-clients")]
    public MemoryOrPercent MaxMemoryClients { get; set; } = MemoryOrPercent.None;

    [Parameter("lfu-log-factor")]
    public int LfuLogFactor { get; set; } = 10;

    [Parameter("lfu-decay-time")]
    public int LfuDecayMinutes { get; set; } = 1;

    [Parameter("notify-keyspace-events")]
    public EventFlags NotifyKeyspaceEvents { get; set; } = EventFlags.None;

    [Parameter("busy-reply-threshold", Aliases = "lua-time-limit", Unit = Unit.Milliseconds, Max = long.MaxValue)]
    public long BusyReplyThresholdMs { get; set; } = 5000;

    /// <summary>Galley's own: how long a script or a function may run. Zero: as long as it likes, or until it is killed.</summary>
    [Parameter("script-timeout", Unit = Unit.Milliseconds, Max = long.MaxValue)]
    public long ScriptTimeoutMs { get; set; }

    /// <summary>Galley's own: what becomes of a script whose time is over, or that is killed, after it has written.</summary>
    [Parameter("on-timeout")]
    public TimeoutAction OnTimeout { get; set; }

    [Parameter("slowlog-log-slower-than", Aliases = "commandlog-execution-slower-than", Unit = Unit.Microseconds, Min = -1, Max = long.MaxValue)]
    public long SlowlogSlowerThanUs { get; set; } = 10000;

    [Parameter("slowlog-max-len", Aliases = "commandlog-slow-execution-max-len", Max = long.MaxValue)]
    public long SlowlogEntriesMax { get; set; } = 128;

    /// <summary>A request of more bytes, its framing included, is noted; -1: none is.</summary>
    [Parameter("commandlog-request-larger-than", Min = -1, Max = long.MaxValue)]
    public long LargeRequestBytesMin { get; set; } = 1024 * 1024;

    [Parameter("commandlog-large-request-max-len", Max = long.MaxValue)]
    public long LargeRequestEntriesMax { get; set; } = 128;

    /// <summary>A reply of more bytes is noted; -1: none is.</summary>
    [Parameter("commandlog-reply-larger-than", Min = -1, Max = long.MaxValue)]
    public long LargeReplyBytesMin { get; set; } = 1024 * 1024;

    [Parameter("commandlog-large-reply-max-len", Max = long.MaxValue)]
    public long LargeReplyEntriesMax { get; set; } = 128;

    /// <summary>Zero: spikes are not noted.</summary>
    [Parameter("latency-monitor-threshold", Unit = Unit.Milliseconds, Max = long.MaxValue)]
    public long LatencyMonitorThresholdMs { get; set; }

    [Parameter("slowlog-entry-max-argc", Min = 2)]
    public int SlowlogEntryArgumentsMax { get; set; } = 32;

    [Parameter("slowlog-entry-max-string-len", Min = 1, Max = long.MaxValue)]
    public long SlowlogEntryStringBytesMax { get; set; } = 128;

    [Parameter("latency-tracking")]
    public bool LatencyTracking { get; set; } = true;

    [Parameter("latency-tracking-info-percentiles")]
    public Percentiles LatencyPercentiles { get; set; } = Percentiles.Default;

    /// <summary>Keys of which clients that cache them are to be told; beyond it some are told at random. Zero: no limit.</summary>
    [Parameter("tracking-table-max-keys", Max = long.MaxValue)]
    public long TrackingTableKeysMax { get; set; } = 1_000_000;

    [Parameter("list-max-listpack-size", Aliases = "list-max-ziplist-size", Min = int.MinValue)]
    public int ListListpackSizeMax { get; set; } = -2;

    [Parameter("list-compress-depth")]
    public int ListCompressDepth { get; set; }

    [Parameter("hash-max-listpack-entries", Aliases = "hash-max-ziplist-entries", Max = long.MaxValue)]
    public long HashListpackEntriesMax { get; set; } = 512;

    [Parameter("hash-max-listpack-value", Aliases = "hash-max-ziplist-value", Unit = Unit.Memory, Max = long.MaxValue)]
    public long HashListpackValueBytesMax { get; set; } = 64;

    [Parameter("set-max-intset-entries", Max = long.MaxValue)]
    public long SetIntsetEntriesMax { get; set; } = 512;

    [Parameter("set-max-listpack-entries", Max = long.MaxValue)]
    public long SetListpackEntriesMax { get; set; } = 128;

    [Parameter("set-max-listpack-value", Unit = Unit.Memory, Max = long.MaxValue)]
    public long SetListpackValueBytesMax { get; set; } = 64;

    [Parameter("zset-max-listpack-entries", Aliases = "zset-max-ziplist-entries", Max = long.MaxValue)]
    public long SortedSetListpackEntriesMax { get; set; } = 128;

    [Parameter("zset-max-listpack-value", Aliases = "zset-max-ziplist-value", Unit = Unit.Memory, Max = long.MaxValue)]
    public long SortedSetListpackValueBytesMax { get; set; } = 64;

    [Parameter("hll-sparse-max-bytes", Unit = Unit.Memory, Max = long.MaxValue)]
    public long HllSparseBytesMax { get; set; } = 3000;

    /// <summary>The byte that ends the prefix of a key, of which KEYSPACE PREFIXES tells; empty: it tells of none.</summary>
    [Parameter("keyspace-prefix-separator")]
    [TextRule(TextRule.AsciiOrNone)]
    public string KeyspacePrefixSeparator { get; set; } = ":";

    /// <summary>How many prefixes of a database have figures of their own.</summary>
    [Parameter("keyspace-prefixes-max", Max = 65536)]
    public int KeyspacePrefixesMax { get; set; } = 256;

    /// <summary>Each keyspace event is also an entry of a stream in its database.</summary>
    [Parameter("change-feed")]
    public bool ChangeFeed { get; set; }

    /// <summary>The key of that stream.</summary>
    [Parameter("change-feed-key")]
    public string ChangeFeedKey
    {
        get;
        set
        {
            field = value;
            ChangeFeedKeyBytes = System.Text.Encoding.UTF8.GetBytes(value);
        }
    } = "galley:changes";

    /// <summary>How many entries it keeps; a node of them more may be there.</summary>
    [Parameter("change-feed-maxlen", Min = 1, Max = long.MaxValue)]
    public long ChangeFeedLengthMax { get; set; } = 100_000;

    [Parameter("stream-node-max-bytes", Unit = Unit.Memory, Max = long.MaxValue)]
    public long StreamNodeBytesMax { get; set; } = 4096;

    [Parameter("stream-node-max-entries", Max = long.MaxValue)]
    public long StreamNodeEntriesMax { get; set; } = 100;

    [Parameter("stream-idmp-duration", Unit = Unit.Seconds, Min = 1, Max = 86400)]
    public long StreamIdmpDurationSeconds { get; set; } = 100;

    [Parameter("stream-idmp-maxsize", Min = 1, Max = 10000)]
    public long StreamIdmpEntriesMax { get; set; } = 100;
}
