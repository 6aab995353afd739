namespace Galley.Store.Configuration;

/// <summary>
/// Parameters that the redis.conf of a Redis installation names and clients ask for: checked, kept, printed and
/// rewritten, but nothing in Galley acts on them.
/// </summary>
public sealed partial class Settings
{
    [Accepted("io-threads", Min = 1, Max = 128, Change = Change.AtStart)]
    public int IoThreads { get; set; } = 1;

    [Accepted("io-threads-do-reads", Change = Change.AtStart)]
    public bool IoThreadsDoReads { get; set; }

    [Accepted("max-new-connections-per-cycle", Min = 1, Max = 1000)]
    public int NewConnectionsPerCycleMax { get; set; } = 10;

    [Accepted("bind-source-addr", EmptyIsNone = true)]
    public string BindSourceAddress { get; set; } = "";

    [Accepted("socket-mark-id", Max = uint.MaxValue, Change = Change.AtStart)]
    public long SocketMarkId { get; set; }

    [Accepted("rdb-del-sync-files")]
    public bool RdbDelSyncFiles { get; set; }

    [Accepted("rdb-save-incremental-fsync")]
    public bool RdbSaveIncrementalFsync { get; set; } = true;

    [Accepted("rdb-key-save-delay", Unit = Unit.Microseconds, Min = int.MinValue, Hidden = true)]
    public int RdbKeySaveDelayUs { get; set; }

    [Accepted("loading-process-events-interval-bytes", Min = 1024, Hidden = true)]
    public int LoadingEventsIntervalBytes { get; set; } = 2 * 1024 * 1024;

    [Accepted("sanitize-dump-payload")]
    public DumpSanitizing SanitizeDumpPayload { get; set; }

    [Accepted("aof-rewrite-incremental-fsync")]
    public bool AofRewriteIncrementalFsync { get; set; } = true;

    [Accepted("aof-disable-auto-gc")]
    public bool AofDisableAutoGc { get; set; }

    [Accepted("lazyfree-lazy-eviction")]
    public bool LazyfreeEviction { get; set; }

    [Accepted("lazyfree-lazy-expire")]
    public bool LazyfreeExpire { get; set; }

    [Accepted("lazyfree-lazy-server-del")]
    public bool LazyfreeServerDel { get; set; }

    [Accepted("lazyfree-lazy-user-del")]
    public bool LazyfreeUserDel { get; set; }

    [Accepted("lazyfree-lazy-user-flush")]
    public bool LazyfreeUserFlush { get; set; }

    [Accepted("activerehashing")]
    public bool ActiveRehashing { get; set; } = true;

    [Accepted("active-expire-effort", Min = 1, Max = 10)]
    public int ActiveExpireEffort { get; set; } = 1;

    [Accepted("dynamic-hz")]
    public bool DynamicHz { get; set; } = true;

    [Accepted("lookahead", Min = 1)]
    public int Lookahead { get; set; } = 16;

    [Accepted("key-memory-histograms", Change = Change.AtStart)]
    public bool KeyMemoryHistograms { get; set; }

    [Accepted("lua-enable-deprecated-api", Change = Change.AtStart, Hidden = true)]
    public bool LuaEnableDeprecatedApi { get; set; }

    [Accepted("propagation-error-behavior")]
    public PropagationErrorBehavior PropagationErrorBehavior { get; set; }

    [Accepted("locale-collate")]
    public string LocaleCollate { get; set; } = "";
}
