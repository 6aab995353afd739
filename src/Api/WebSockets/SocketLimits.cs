namespace Galley.Api.WebSockets;

/// <summary>What one WebSocket may ask.</summary>
internal static class SocketLimits
{
    /// <summary>Sockets at once.</summary>
    public const int SocketsMax = 10_000;

    /// <summary>Bytes of one frame from a client.</summary>
    public const int FrameBytesMax = 1024 * 1024;

    /// <summary>Subscriptions of one socket.</summary>
    public const int SubscriptionsMax = 1024;

    /// <summary>Channels or patterns of one subscription.</summary>
    public const int ChannelsMax = 1024;

    public const int ChannelCharactersMax = 4096;

    public const int IdCharactersMax = 128;

    /// <summary>Commands of one frame.</summary>
    public const int BatchMax = 1000;

    /// <summary>What waits to be sent to one socket.</summary>
    public const int QueueBytesMax = 1024 * 1024;

    public const int QueueFramesMax = 4096;

    /// <summary>Published messages that were not even looked at; the queue above fills long before.</summary>
    public const int InboxBytesMax = 8 * QueueBytesMax;

    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(25);

    /// <summary>A peer that answers no ping for so long is gone.</summary>
    public static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Time to show credentials in a first frame.</summary>
    public static readonly TimeSpan AuthTime = TimeSpan.FromSeconds(10);

    /// <summary>Time for the peer to answer a close.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);
}
