using System.Net;
using Galley.Resp.Protocol;

namespace Galley.Resp.Transport;

public enum TransportKind
{
    /// <summary>Epoll on Linux, where nothing wraps the stream; sockets elsewhere.</summary>
    Automatic,
    Epoll,
    Socket,
}

/// <summary>What a transport is told; the names are those of redis.conf where it has one.</summary>
public sealed record TransportOptions
{
    /// <summary><c>bind</c> and <c>port</c>.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints { get; init; } = [];

    /// <summary>The addresses of <c>bind</c> with a minus before them: those that this machine does not have are left out.</summary>
    public IReadOnlyList<IPEndPoint> OptionalEndpoints { get; init; } = [];

    /// <summary><c>unixsocket</c>; whatever has that path is removed first, as redis-server does.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary><c>unixsocketperm</c>, set before the socket listens; null leaves what the umask gives.</summary>
    public UnixFileMode? UnixSocketMode { get; init; }

    /// <summary><c>tcp-backlog</c></summary>
    public int Backlog { get; init; } = 511;

    /// <summary><c>tcp-keepalive</c>: seconds, 0 for none. <see cref="ITransport.KeepAlive"/> changes it.</summary>
    public int KeepAliveSeconds { get; set; } = 300;

    public RespLimits Limits { get; init; } = new();

    /// <summary>Threads that serve epoll.</summary>
    public int ThreadCount { get; init; } = 1;

    public TransportKind Kind { get; init; }

    /// <summary>Puts something between the socket and the reader, such as TLS; only the socket transport can.</summary>
    public Func<Stream, Task<Stream>>? Wrap { get; init; }
}
