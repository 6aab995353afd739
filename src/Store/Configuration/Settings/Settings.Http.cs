namespace Galley.Store.Configuration;

/// <summary>The doors that redis-server does not have: REST and WebSocket.</summary>
public sealed partial class Settings
{
    /// <summary>
    /// Zero: no HTTP. Where nothing named it, the start sets it to the RESP port and 1000, and goes on without HTTP if
    /// that is taken.
    /// </summary>
    [Parameter("http-port", Max = 65535, Change = Change.AtStart)]
    public int HttpPort { get; set; } = 7379;

    /// <summary>Apart from <c>bind</c>: opening RESP to a network does not open HTTP with it.</summary>
    [Parameter("http-bind", Change = Change.AtStart)]
    public BindAddresses HttpBind { get; set; } = BindAddresses.Loopback;

    /// <summary>The bearer token of REST and WebSocket. Empty: only this machine is served.</summary>
    [Parameter("http-token", Secret = true)]
    public string HttpToken { get; set; } = "";

    /// <summary>A bearer token for commands that read. Empty: there is none.</summary>
    [Parameter("http-readonly-token", Secret = true)]
    public string HttpReadOnlyToken { get; set; } = "";

    /// <summary>
    /// Origins whose pages may read responses, with blanks between them: <c>https://app.example http://localhost:3000</c>.
    /// A star, for any page, counts only where credentials are asked for; without them this machine's pages may.
    /// </summary>
    [Parameter("http-origins")]
    public string HttpOrigins { get; set; } = "*";

    /// <summary>What stands before every address, where a proxy passes it on: <c>/cache</c>.</summary>
    [Parameter("http-path-prefix", Change = Change.AtStart)]
    public string HttpPathPrefix { get; set; } = "";

    /// <summary>
    /// Connections at once, those of WebSockets and streams of events among them; the next one is told to come back later.
    /// The start takes off what the system does not let the process have open.
    /// </summary>
    [Parameter("http-max-connections", Min = 1, Change = Change.AtStart)]
    public int HttpMaxConnections { get; set; } = 30_000;

    /// <summary>The body of one request; Upstash's limit is the default.</summary>
    [Parameter("http-max-body-size", Min = 1024, Unit = Unit.Memory, Change = Change.AtStart)]
    public long HttpMaxBodyBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Responses over a kilobyte are compressed for clients that accept it.</summary>
    [Parameter("http-compression")]
    public bool HttpCompression { get; set; } = true;
}
