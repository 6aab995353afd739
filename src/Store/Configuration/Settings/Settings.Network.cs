namespace Galley.Store.Configuration;

/// <summary>The RESP door, and what one client may take.</summary>
public sealed partial class Settings
{
    private const long MiB = 1024 * 1024;

    /// <summary>Zero: no TCP at all.</summary>
    [Parameter("port", Max = 65535)]
    public int Port { get; set; } = 6379;

    /// <summary>Loopback only, as in the redis.conf that redis-server ships, and not every address as when it has none.</summary>
    [Parameter("bind")]
    public BindAddresses Bind { get; set; } = BindAddresses.Loopback;

    [Parameter("unixsocket", Change = Change.AtStart, EmptyIsNone = true)]
    public string UnixSocket { get; set; } = "";

    [Parameter("unixsocketperm", Unit = Unit.Octal, Max = 0x1ff /* 777 */, Change = Change.AtStart)]
    public int UnixSocketPermissions { get; set; }

    [Parameter("tcp-backlog", Change = Change.AtStart)]
    public int TcpBacklog { get; set; } = 511;

    [Parameter("tcp-keepalive", Unit = Unit.Seconds)]
    public int TcpKeepAliveSeconds { get; set; } = 300;

    /// <summary>An idle client is closed after so long; zero: never.</summary>
    [Parameter("timeout", Unit = Unit.Seconds)]
    public int Timeout { get; set; }

    [Parameter("maxclients", Min = 1, Max = uint.MaxValue)]
    public long MaxClients { get; set; } = 10000;

    [Parameter("protected-mode")]
    public bool ProtectedMode { get; set; } = true;

    [Parameter("proto-max-bulk-len", Unit = Unit.Memory, Min = MiB, Max = long.MaxValue)]
    public long ProtoMaxBulkBytes { get; set; } = 512 * MiB;

    [Parameter("client-query-buffer-limit", Unit = Unit.Memory, Min = MiB, Max = long.MaxValue)]
    public long ClientQueryBufferBytesMax { get; set; } = 1024 * MiB;

    [Parameter("client-output-buffer-limit")]
    public OutputBufferLimits ClientOutputBufferLimit { get; set; } = OutputBufferLimits.Default;
}
