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
}
