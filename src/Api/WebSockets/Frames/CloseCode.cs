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

    /// <summary>The client breaks RFC 6455.</summary>
    ProtocolError = 1002,
    FrameTooBig = 1009,

    /// <summary>A mistake of the server.</summary>
    InternalError = 1011,

    /// <summary>The server has no room for what it would have to do.</summary>
    Overload = 1013,

    /// <summary>The client reads more slowly than its subscriptions publish.</summary>
    SlowConsumer = 4001,

    /// <summary>The peer has not answered a ping.</summary>
    NoPong = 4002,

    /// <summary>More frames a second than <c>ws-rate-limit</c> allows.</summary>
    RateLimited = 4003,

    /// <summary>The credentials that opened the socket hold no more.</summary>
    AuthExpired = 4004,

    /// <summary>Missing or wrong credentials.</summary>
    BadCredentials = 4500,

    /// <summary>The credentials are right, but not for this page.</summary>
    Forbidden = 4501,

    /// <summary>What is no frame of this protocol.</summary>
    MalformedFrame = 4502,
    AuthTimeout = 4503,

    /// <summary>CLIENT KILL.</summary>
    Killed = 4506,
}
