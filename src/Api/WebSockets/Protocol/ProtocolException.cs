namespace Galley.Api.WebSockets;

/// <summary>The client has broken the protocol: the socket is closed, with this code and this word.</summary>
internal sealed class ProtocolException(string message, CloseCode code = CloseCode.ProtocolError) : Exception(message)
{
    public CloseCode Code { get; } = code;
}
