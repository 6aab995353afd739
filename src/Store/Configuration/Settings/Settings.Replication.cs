namespace Galley.Store.Configuration;

/// <summary>Replication, which Galley does not have: what only tunes it is accepted, what asks for it is refused.</summary>
public sealed partial class Settings
{
    [Parameter("replicaof", Aliases = "slaveof", Change = Change.AtStart)]
    [Unserved("Galley does not replicate", NextStep = "Remove the line; to take over a primary's data, copy its append-only file into 'dir'.")]
    public PrimaryAddress ReplicaOf { get; set; } = PrimaryAddress.None;

    [Accepted("masteruser", EmptyIsNone = true)]
    public string MasterUser { get; set; } = "";

    [Accepted("masterauth", EmptyIsNone = true, Secret = true)]
    public string MasterAuth { get; set; } = "";

    [Accepted("replica-serve-stale-data", Aliases = "slave-serve-stale-data")]
    public bool ReplicaServeStaleData { get; set; } = true;

    [Accepted("replica-read-only", Aliases = "slave-read-only")]
    public bool ReplicaReadOnly { get; set; } = true;

    [Accepted("replica-lazy-flush", Aliases = "slave-lazy-flush")]
    public bool ReplicaLazyFlush { get; set; }

    [Accepted("replica-ignore-maxmemory", Aliases = "slave-ignore-maxmemory")]
    public bool ReplicaIgnoreMaxMemory { get; set; } = true;

    [Accepted("replica-ignore-disk-write-errors")]
    public bool ReplicaIgnoreDiskWriteErrors { get; set; }

    [Accepted("replica-priority", Aliases = "slave-priority")]
    public int ReplicaPriority { get; set; } = 100;

    [Accepted("replica-announced")]
    public bool ReplicaAnnounced { get; set; } = true;

    [Accepted("replica-announce-ip", Aliases = "slave-announce-ip", EmptyIsNone = true)]
    public string ReplicaAnnounceIp { get; set; } = "";

    [Accepted("replica-announce-port", Aliases = "slave-announce-port", Max = ushort.MaxValue)]
    public int ReplicaAnnouncePort { get; set; }

    [Accepted("replica-full-sync-buffer-limit", Unit = Unit.Memory, Max = long.MaxValue)]
    public long ReplicaFullSyncBufferBytesMax { get; set; }

    [Accepted("repl-diskless-sync")]
    public bool ReplDisklessSync { get; set; } = true;

    [Accepted("repl-diskless-sync-delay", Unit = Unit.Seconds)]
    public int ReplDisklessSyncDelaySeconds { get; set; } = 5;

    [Accepted("repl-diskless-sync-max-replicas")]
    public int ReplDisklessSyncReplicasMax { get; set; }

    [Accepted("repl-diskless-load")]
    public DisklessLoad ReplDisklessLoad { get; set; }

    [Accepted("repl-rdb-channel")]
    public bool ReplRdbChannel { get; set; }

    [Accepted("repl-disable-tcp-nodelay")]
    public bool ReplDisableTcpNodelay { get; set; }

    /// <summary>As in redis-server, less than 16 KiB is taken for 16 KiB.</summary>
    [Accepted("repl-backlog-size", Unit = Unit.Memory, Min = 1, Max = long.MaxValue)]
    public long ReplBacklogBytes { get; set => field = Math.Max(value, 16 * 1024); } = MiB;

    [Accepted("repl-backlog-ttl", Unit = Unit.Seconds, Max = long.MaxValue)]
    public long ReplBacklogTtlSeconds { get; set; } = 3600;

    [Accepted("repl-ping-replica-period", Aliases = "repl-ping-slave-period", Unit = Unit.Seconds, Min = 1)]
    public int ReplPingPeriodSeconds { get; set; } = 10;

    [Accepted("repl-timeout", Unit = Unit.Seconds, Min = 1)]
    public int ReplTimeoutSeconds { get; set; } = 60;

    [Accepted("min-replicas-to-write", Aliases = "min-slaves-to-write")]
    public int ReplicasToWriteMin { get; set; }

    [Accepted("min-replicas-max-lag", Aliases = "min-slaves-max-lag", Unit = Unit.Seconds)]
    public int ReplicasLagSecondsMax { get; set; } = 10;
}
