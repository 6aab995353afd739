namespace Galley.Resp.Transport;

/// <summary>Chooses the transport.</summary>
public static class Transports
{
    public static ITransport Create(TransportOptions options, IConnectionHandler handler)
    {
        bool isEpoll = options.Kind switch
        {
            TransportKind.Epoll => true,
            TransportKind.Socket => false,
            // The calls are those of 64-bit Linux.
            _ => OperatingSystem.IsLinux() && Environment.Is64BitProcess && options.Wrap is null,
        };
        return isEpoll ? new EpollTransport(options, handler) : new SocketTransport(options, handler);
    }
}
