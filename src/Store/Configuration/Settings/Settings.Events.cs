namespace Galley.Store.Configuration;

/// <summary>Streams of server-sent events: channels, MONITOR and streams over plain HTTP.</summary>
public sealed partial class Settings
{
    /// <summary>Streams at once; the next one is told to come back later.</summary>
    [Parameter("sse-max-connections")]
    public int SseMaxConnections { get; set; } = 10_000;

    /// <summary>
    /// After so much silence a stream gets a comment, which clients ignore and proxies take for a sign of life; zero: never.
    /// </summary>
    [Parameter("sse-heartbeat-interval", Unit = Unit.Milliseconds)]
    public int SseHeartbeatMs { get; set; } = 15_000;
}
