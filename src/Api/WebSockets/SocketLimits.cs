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

    /// <summary>Bytes of a message before authentication.</summary>
    public const int StrangerFrameBytesMax = 16 * 1024;

    /// <summary>Bytes that tell the peer, in a close, what was wrong.</summary>
    public const int CloseReasonBytesMax = FrameHeader.ControlPayloadBytesMax - sizeof(ushort);

    /// <summary>Time for the peer to take what waits, and to answer a close.</summary>
    public const int CloseTimeMs = 2000;
}
