namespace Galley.Api.WebSockets;

/// <summary>What one WebSocket may ask, beside what the settings say.</summary>
internal static class SocketLimits
{
    /// <summary>Channels or patterns of one subscription.</summary>
    public const int ChannelsMax = 1024;

    public const int ChannelCharactersMax = 4096;

    public const int IdCharactersMax = 128;

    /// <summary>Commands of one frame.</summary>
    public const int BatchMax = 1000;

    /// <summary>Streams of one reader.</summary>
    public const int StreamsMax = 64;

    /// <summary>Entries that a reader may be sent before its client asks for more.</summary>
    public const int CreditMax = 1_000_000;

    public const int DefaultCredit = 256;

    /// <summary>A worker has fewer entries at a time, so that others have some, too.</summary>
    public const int DefaultGroupCredit = 64;

    /// <summary>A day.</summary>
    public const int DelayMsMax = 24 * 60 * 60 * 1000;

    /// <summary>Bytes of a message before authentication.</summary>
    public const int StrangerFrameBytesMax = 16 * 1024;

    /// <summary>Bytes that tell the peer, in a close, what was wrong.</summary>
    public const int CloseReasonBytesMax = FrameHeader.ControlPayloadBytesMax - sizeof(ushort);

    /// <summary>Time for the peer to take what waits, and to answer a close.</summary>
    public const int CloseTimeMs = 2000;
}
