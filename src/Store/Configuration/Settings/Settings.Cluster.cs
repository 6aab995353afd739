namespace Galley.Store.Configuration;

/// <summary>Redis Cluster, which Galley does not have: what only tunes it is accepted, what asks for it is refused.</summary>
public sealed partial class Settings
{
    [Parameter("cluster-enabled", Change = Change.AtStart)]
    [Unserved("Galley has no cluster mode", NextStep = "Remove the line, or set it to no: one Galley serves all slots.")]
    public bool ClusterEnabled { get; set; }

    [Accepted("cluster-config-file", Change = Change.AtStart)]
    public string ClusterConfigFile { get; set; } = "nodes.conf";

    [Accepted("cluster-port", Max = ushort.MaxValue, Change = Change.AtStart)]
    public int ClusterPort { get; set; }

    [Accepted("cluster-node-timeout", Unit = Unit.Milliseconds, Max = long.MaxValue)]
    public long ClusterNodeTimeoutMs { get; set; } = 15000;

    [Accepted("cluster-replica-validity-factor", Aliases = "cluster-slave-validity-factor")]
    public int ClusterReplicaValidityFactor { get; set; } = 10;

    [Accepted("cluster-replica-no-failover", Aliases = "cluster-slave-no-failover")]
    public bool ClusterReplicaNoFailover { get; set; }

    [Accepted("cluster-migration-barrier")]
    public int ClusterMigrationBarrier { get; set; } = 1;

    [Accepted("cluster-allow-replica-migration")]
    public bool ClusterAllowReplicaMigration { get; set; } = true;

    [Accepted("cluster-require-full-coverage")]
    public bool ClusterRequireFullCoverage { get; set; } = true;

    [Accepted("cluster-allow-reads-when-down")]
    public bool ClusterAllowReadsWhenDown { get; set; }

    [Accepted("cluster-allow-pubsubshard-when-down")]
    public bool ClusterAllowPubsubshardWhenDown { get; set; } = true;

    [Accepted("cluster-link-sendbuf-limit", Unit = Unit.Memory)]
    public ulong ClusterLinkSendBufferBytesMax { get; set; }

    [Accepted("cluster-announce-ip", EmptyIsNone = true)]
    public string ClusterAnnounceIp { get; set; } = "";

    [Accepted("cluster-announce-port", Max = ushort.MaxValue)]
    public int ClusterAnnouncePort { get; set; }

    [Accepted("cluster-announce-tls-port", Max = ushort.MaxValue)]
    public int ClusterAnnounceTlsPort { get; set; }

    [Accepted("cluster-announce-bus-port", Max = ushort.MaxValue)]
    public int ClusterAnnounceBusPort { get; set; }

    [Accepted("cluster-announce-hostname", EmptyIsNone = true)]
    [TextRule(TextRule.HostName)]
    public string ClusterAnnounceHostname { get; set; } = "";

    [Accepted("cluster-announce-human-nodename", EmptyIsNone = true)]
    public string ClusterAnnounceNodeName { get; set; } = "";

    [Accepted("cluster-preferred-endpoint-type")]
    public EndpointKind ClusterPreferredEndpoint { get; set; }

    [Accepted("cluster-compatibility-sample-ratio", Unit = Unit.Percent, Max = 100)]
    public int ClusterCompatibilitySamplePercent { get; set; }

    [Accepted("cluster-slot-stats-enabled")]
    public bool ClusterSlotStatsEnabled { get; set; }

    [Accepted("cluster-slot-migration-handoff-max-lag-bytes", Unit = Unit.Memory, Max = long.MaxValue)]
    public long ClusterHandoffLagBytesMax { get; set; } = MiB;

    [Accepted("cluster-slot-migration-write-pause-timeout", Unit = Unit.Milliseconds, Max = long.MaxValue)]
    public long ClusterWritePauseTimeoutMs { get; set; } = 10000;
}
