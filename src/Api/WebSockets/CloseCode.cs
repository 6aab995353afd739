namespace Galley.Api.WebSockets;

/// <summary>
/// Why a socket is closed. A client reconnects, after a while, for codes below 4500; from there on it would only be
/// refused again.
/// </summary>
internal enum CloseCode
{
    Normal = 1000,

    /// <summary>The server ends.</summary>
    GoingAway = 1001,
    FrameTooBig = 1009,

    /// <summary>The client reads more slowly than its subscriptions publish.</summary>
    SlowConsumer = 4001,
    BadCredentials = 4500,
    MalformedFrame = 4502,
    AuthTimeout = 4503,
}
