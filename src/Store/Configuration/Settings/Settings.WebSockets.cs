namespace Galley.Store.Configuration;

/// <summary>The WebSocket door: what all sockets, and what one of them, may take.</summary>
public sealed partial class Settings
{
    /// <summary>Sockets at once; the next one is told to come back later.</summary>
    [Parameter("ws-max-connections")]
    public int WsMaxConnections { get; set; } = 10_000;

    /// <summary>Bytes of one message from a client, whatever the number of frames that it comes in.</summary>
    [Parameter("ws-max-frame-size", Unit = Unit.Memory, Min = 1024, Max = 512 * MiB)]
    public int WsMaxFrameBytes { get; set; } = 1024 * 1024;

    /// <summary>Subscriptions of one socket.</summary>
    [Parameter("ws-max-subscriptions", Min = 1, Max = 1_000_000)]
    public int WsMaxSubscriptions { get; set; } = 1024;

    /// <summary>Frames with commands that one socket has under way; the next one is read when one of them is answered.</summary>
    [Parameter("ws-max-inflight", Min = 1, Max = 100_000)]
    public int WsMaxInFlight { get; set; } = 64;

    /// <summary>Frames that one socket may send in a second; zero: as many as it likes.</summary>
    [Parameter("ws-rate-limit")]
    public int WsRateLimit { get; set; }

    /// <summary>Bytes that wait to be sent to one socket.</summary>
    [Parameter("ws-send-queue-bytes", Unit = Unit.Memory, Min = 1024, Max = 1024 * MiB)]
    public int WsSendQueueBytes { get; set; } = 1024 * 1024;

    /// <summary>Frames that wait to be sent to one socket.</summary>
    [Parameter("ws-send-queue-frames", Min = 1, Max = 10_000_000)]
    public int WsSendQueueFrames { get; set; } = 4096;

    /// <summary>Every socket is pinged so often; zero: never.</summary>
    [Parameter("ws-ping-interval", Unit = Unit.Milliseconds)]
    public int WsPingIntervalMs { get; set; } = 25_000;

    /// <summary>A peer that sends nothing for so long after a ping is gone.</summary>
    [Parameter("ws-pong-timeout", Unit = Unit.Milliseconds, Min = 1)]
    public int WsPongTimeoutMs { get; set; } = 15_000;

    /// <summary>Time to show credentials in a first frame.</summary>
    [Parameter("ws-auth-timeout", Unit = Unit.Milliseconds, Min = 1)]
    public int WsAuthTimeoutMs { get; set; } = 10_000;

    /// <summary>
    /// The token may stand in the address, as <c>?_token=</c>. Proxies write addresses into their logs: a ticket, which
    /// serves once, is the better way.
    /// </summary>
    [Parameter("ws-query-token")]
    public bool WsQueryToken { get; set; }

    /// <summary>Tickets issued within the 30 seconds for which one lives.</summary>
    [Parameter("ws-max-tickets", Min = 1, Max = 10_000_000)]
    public int WsMaxTickets { get; set; } = 100_000;
}
