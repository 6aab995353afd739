using Galley.Resp.Protocol;

namespace Galley.Resp.Transport;

/// <summary>
/// One RESP client, whatever carries its bytes. Its reader and output are touched only inside a turn (under the
/// application's gate) or by the transport's own thread, as each member says.
/// </summary>
public abstract class Connection
{
    protected Connection(RespLimits limits)
    {
        Reader = new RespReader(limits);
    }

    /// <summary>What was received and not yet run.</summary>
    public RespReader Reader { get; }

    /// <summary>What is to be sent; written inside a turn only.</summary>
    public OutputBuffer Output { get; } = new();

    /// <summary>The application's own object for this client.</summary>
    public object? State { get; set; }

    /// <summary>The peer, as redis-server prints it: <c>127.0.0.1:50312</c>, <c>[::1]:50312</c>, or the path of a Unix socket and <c>:0</c>.</summary>
    public required string RemoteAddress { get; init; }

    /// <summary>The local end, in the same form.</summary>
    public required string LocalAddress { get; init; }

    public bool IsUnixSocket { get; init; }

    /// <summary>The peer is on this machine (loopback or Unix socket).</summary>
    public bool IsLocal { get; init; }

    /// <summary>The descriptor number shown by CLIENT LIST, or -1.</summary>
    public int Descriptor { get; init; } = -1;

    /// <summary>Set inside a turn: the connection is closed once its output has been sent; no more input is read.</summary>
    public bool CloseAfterReply { get; set; }

    /// <summary>The connection is closed or about to be; nothing more is run for it.</summary>
    public bool IsClosing { get; protected set; }

    /// <summary>
    /// Asks the transport to send what was appended outside this connection's own turn (a published message, a push).
    /// Any thread, inside a turn; cheap when asked repeatedly.
    /// </summary>
    public abstract void RequestFlush();

    /// <summary>Ends the connection without sending the rest. Any thread.</summary>
    public abstract void Abort();

    /// <summary>Stops reading (CLIENT PAUSE, a blocked client keeps its input) until <see cref="Resume"/>. Inside a turn.</summary>
    public abstract void Pause();

    /// <summary>Goes on reading, and runs what is already in the reader. Any thread.</summary>
    public abstract void Resume();
}
