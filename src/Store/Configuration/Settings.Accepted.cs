namespace Galley.Store.Configuration;

/// <summary>
/// Parameters that the redis.conf of a Redis installation names and clients ask for: checked, kept and printed, but
/// nothing in Galley acts on them.
/// </summary>
public sealed partial class Settings
{
    [Parameter("io-threads", Min = 1, Max = 128, Change = Change.AtStart)]
    public int IoThreads { get; set; } = 1;

    [Parameter("io-threads-do-reads", Change = Change.AtStart)]
    public bool IoThreadsDoReads { get; set; }

    [Parameter("daemonize", Change = Change.AtStart)]
    public bool Daemonize { get; set; }

    [Parameter("supervised", Change = Change.AtStart)]
    public Supervision Supervised { get; set; } = Supervision.No;

    [Parameter("pidfile", Change = Change.AtStart)]
    public string PidFile { get; set; } = "";

    [Parameter("always-show-logo", Change = Change.AtStart)]
    public bool AlwaysShowLogo { get; set; }

    [Parameter("set-proc-title", Change = Change.AtStart)]
    public bool SetProcTitle { get; set; } = true;

    [Parameter("proc-title-template")]
    public string ProcTitleTemplate { get; set; } = "{title} {listen-addr} {server-mode}";

    [Parameter("stop-writes-on-bgsave-error")]
    public bool StopWritesOnBgsaveError { get; set; } = true;

    [Parameter("rdbcompression")]
    public bool RdbCompression { get; set; } = true;

    [Parameter("rdbchecksum", Change = Change.AtStart)]
    public bool RdbChecksum { get; set; } = true;

    [Parameter("rdb-del-sync-files")]
    public bool RdbDelSyncFiles { get; set; }

    [Parameter("rdb-save-incremental-fsync")]
    public bool RdbSaveIncrementalFsync { get; set; } = true;

    [Parameter("sanitize-dump-payload")]
    public DumpSanitizing SanitizeDumpPayload { get; set; }

    [Parameter("aof-rewrite-incremental-fsync")]
    public bool AofRewriteIncrementalFsync { get; set; } = true;

    [Parameter("aof-timestamp-enabled")]
    public bool AofTimestampEnabled { get; set; }

    [Parameter("lazyfree-lazy-eviction")]
    public bool LazyfreeEviction { get; set; }

    [Parameter("lazyfree-lazy-expire")]
    public bool LazyfreeExpire { get; set; }

    [Parameter("lazyfree-lazy-server-del")]
    public bool LazyfreeServerDel { get; set; }

    [Parameter("lazyfree-lazy-user-del")]
    public bool LazyfreeUserDel { get; set; }

    [Parameter("lazyfree-lazy-user-flush")]
    public bool LazyfreeUserFlush { get; set; }

    [Parameter("replica-lazy-flush", Aliases = "slave-lazy-flush")]
    public bool ReplicaLazyFlush { get; set; }

    [Parameter("replica-serve-stale-data", Aliases = "slave-serve-stale-data")]
    public bool ReplicaServeStaleData { get; set; } = true;

    [Parameter("replica-read-only", Aliases = "slave-read-only")]
    public bool ReplicaReadOnly { get; set; } = true;

    [Parameter("replica-priority", Aliases = "slave-priority")]
    public int ReplicaPriority { get; set; } = 100;

    [Parameter("repl-diskless-sync")]
    public bool ReplDisklessSync { get; set; } = true;

    [Parameter("repl-diskless-sync-delay", Unit = Unit.Seconds)]
    public int ReplDisklessSyncDelaySeconds { get; set; } = 5;

    [Parameter("repl-diskless-sync-max-replicas")]
    public int ReplDisklessSyncReplicasMax { get; set; }

    [Parameter("repl-diskless-load")]
    public DisklessLoad ReplDisklessLoad { get; set; }

    [Parameter("repl-disable-tcp-nodelay")]
    public bool ReplDisableTcpNodelay { get; set; }

    [Parameter("repl-backlog-size", Unit = Unit.Memory, Min = 1, Max = long.MaxValue)]
    public long ReplBacklogBytes { get; set; } = MiB;

    [Parameter("repl-timeout", Unit = Unit.Seconds, Min = 1)]
    public int ReplTimeoutSeconds { get; set; } = 60;

    [Parameter("acllog-max-len", Max = long.MaxValue)]
    public long AclLogEntriesMax { get; set; } = 128;

    [Parameter("cluster-enabled", Change = Change.AtStart)]
    public bool ClusterEnabled { get; set; }

    [Parameter("oom-score-adj")]
    public OomScoreAdjust OomScoreAdjust { get; set; }

    [Parameter("oom-score-adj-values")]
    public OomScores OomScoreAdjustValues { get; set; } = OomScores.Default;

    [Parameter("disable-thp", Change = Change.AtStart)]
    public bool DisableTransparentHugePages { get; set; } = true;

    [Parameter("maxmemory-samples", Min = 1)]
    public int MaxMemorySamples { get; set; } = 5;

    [Parameter("maxmemory-eviction-tenacity", Max = 100)]
    public int MaxMemoryEvictionTenacity { get; set; } = 10;

    [Parameter("activerehashing")]
    public bool ActiveRehashing { get; set; } = true;

    [Parameter("active-expire-effort", Min = 1, Max = 10)]
    public int ActiveExpireEffort { get; set; } = 1;

    [Parameter("activedefrag")]
    public bool ActiveDefrag { get; set; }

    [Parameter("dynamic-hz")]
    public bool DynamicHz { get; set; } = true;

    [Parameter("jemalloc-bg-thread")]
    public bool JemallocBackgroundThread { get; set; } = true;
}
