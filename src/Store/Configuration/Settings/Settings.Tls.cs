namespace Galley.Store.Configuration;

/// <summary>TLS: the certificates are kept for who asks, but no port speaks it, and a port that should is refused.</summary>
public sealed partial class Settings
{
    private const string TlsFailed = "Unable to update TLS configuration. Check server logs.";
    private const string TlsNextStep = "Set it to its default, and let a proxy such as stunnel or HAProxy end TLS in front of 'port'.";

    [Parameter("tls-port", Max = ushort.MaxValue)]
    [Unserved("Galley cannot open a TLS port", AtRunTime = TlsFailed, NextStep = TlsNextStep)]
    public int TlsPort { get; set; }

    [Parameter("tls-replication")]
    [Unserved("Galley has no TLS connections to other servers", AtRunTime = TlsFailed, NextStep = TlsNextStep)]
    public bool TlsReplication { get; set; }

    [Parameter("tls-cluster")]
    [Unserved("Galley has no TLS connections to other servers", AtRunTime = TlsFailed, NextStep = TlsNextStep)]
    public bool TlsCluster { get; set; }

    [Accepted("tls-cert-file", EmptyIsNone = true)]
    public string TlsCertFile { get; set; } = "";

    [Accepted("tls-key-file", EmptyIsNone = true)]
    public string TlsKeyFile { get; set; } = "";

    [Accepted("tls-key-file-pass", EmptyIsNone = true, Secret = true)]
    public string TlsKeyFilePass { get; set; } = "";

    [Accepted("tls-client-cert-file", EmptyIsNone = true)]
    public string TlsClientCertFile { get; set; } = "";

    [Accepted("tls-client-key-file", EmptyIsNone = true)]
    public string TlsClientKeyFile { get; set; } = "";

    [Accepted("tls-client-key-file-pass", EmptyIsNone = true, Secret = true)]
    public string TlsClientKeyFilePass { get; set; } = "";

    [Accepted("tls-dh-params-file", EmptyIsNone = true)]
    public string TlsDhParamsFile { get; set; } = "";

    [Accepted("tls-ca-cert-file", EmptyIsNone = true)]
    public string TlsCaCertFile { get; set; } = "";

    [Accepted("tls-ca-cert-dir", EmptyIsNone = true)]
    public string TlsCaCertDirectory { get; set; } = "";

    [Accepted("tls-auth-clients")]
    public ClientCertificates TlsAuthClients { get; set; } = ClientCertificates.Yes;

    [Accepted("tls-auth-clients-user")]
    public string TlsAuthClientsUser { get; set; } = "off";

    [Accepted("tls-protocols", EmptyIsNone = true)]
    public string TlsProtocols { get; set; } = "";

    [Accepted("tls-ciphers", EmptyIsNone = true)]
    public string TlsCiphers { get; set; } = "";

    [Accepted("tls-ciphersuites", EmptyIsNone = true)]
    public string TlsCipherSuites { get; set; } = "";

    [Accepted("tls-prefer-server-ciphers")]
    public bool TlsPreferServerCiphers { get; set; }

    [Accepted("tls-session-caching")]
    public bool TlsSessionCaching { get; set; } = true;

    [Accepted("tls-session-cache-size")]
    public int TlsSessionCacheEntries { get; set; } = 20480;

    [Accepted("tls-session-cache-timeout", Unit = Unit.Seconds)]
    public int TlsSessionCacheTimeoutSeconds { get; set; } = 300;

    [Accepted("max-new-tls-connections-per-cycle", Min = 1, Max = 1000)]
    public int NewTlsConnectionsPerCycleMax { get; set; } = 1;
}
