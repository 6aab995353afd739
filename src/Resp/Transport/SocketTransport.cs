using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Galley.Resp.Transport;

/// <summary>
/// RESP through <see cref="Socket"/>, on pool threads: for TLS, and for systems without epoll. It never waits for the
/// gate: what needs a turn is posted, and the thread that holds the gate runs it.
/// </summary>
public sealed class SocketTransport(TransportOptions options, IConnectionHandler handler) : ITransport
{
    private const int AcceptRetryMs = 100;

    private readonly ConcurrentDictionary<SocketConnection, Task> _connections = new();
    private readonly ConcurrentDictionary<SocketConnection, bool> _held = new();
    private readonly List<Socket> _listeners = [];
    private volatile bool _isStopping;

    public IReadOnlyList<IPEndPoint> Endpoints { get; private set; } = [];

    public int ConnectionCount => _connections.Count;

    internal IConnectionHandler Handler { get; } = handler;

    internal TransportOptions Options { get; } = options;

    public void Start()
    {
        try
        {
            foreach (IPEndPoint endpoint in Options.Endpoints) _listeners.Add(Listen(endpoint));
            foreach (IPEndPoint endpoint in Options.OptionalEndpoints) AddOptional(endpoint);
            if (Options.UnixSocketPath is { } path) _listeners.Add(ListenUnix(path));
        }
        catch
        {
            StopAccepting();
            throw;
        }
        Endpoints = EndpointsNow();
        Handler.TicketReleased += OnTicketReleased;
        foreach (Socket listener in _listeners) _ = AcceptAsync(listener);
    }

    /// <summary>A socket of .NET gives its address back only when it is closed: these are opened again where the new ones cannot be had.</summary>
    public void Move(IReadOnlyList<IPEndPoint> endpoints)
    {
        lock (_listeners)
        {
            Socket[] leaving = [.. _listeners.Where(old => old.LocalEndPoint is IPEndPoint at && !endpoints.Contains(at))];
            List<IPEndPoint> left = [.. leaving.Select(old => (IPEndPoint)old.LocalEndPoint!)];
            List<IPEndPoint> wanted = [.. endpoints];
            foreach (Socket old in _listeners.Except(leaving)) if (old.LocalEndPoint is IPEndPoint kept) wanted.Remove(kept);
            foreach (Socket old in leaving)
            {
                _listeners.Remove(old);
                old.Dispose();
            }
            try
            {
                ListenAtAll(wanted);
            }
            catch (ListenException)
            {
                ListenAtAll(left);
                throw;
            }
            Endpoints = EndpointsNow();
        }
    }

    public void KeepAlive(int seconds) => Options.KeepAliveSeconds = seconds;

    public void StopAccepting()
    {
        _isStopping = true;
        lock (_listeners)
        {
            foreach (Socket listener in _listeners) listener.Dispose();
            _listeners.Clear();
        }
        if (Options.UnixSocketPath is { } path) File.Delete(path);
    }

    public async ValueTask DisposeAsync()
    {
        StopAccepting();
        Handler.TicketReleased -= OnTicketReleased;
        foreach (SocketConnection connection in _connections.Keys) connection.Abort();
        await Task.WhenAll(_connections.Values);
    }

    /// <summary>The connection has output that waits for a ticket.</summary>
    internal void Hold(SocketConnection connection) => _held[connection] = true;

    internal void Forget(SocketConnection connection)
    {
        _held.TryRemove(connection, out _);
        _connections.TryRemove(connection, out _);
    }

    private void OnTicketReleased()
    {
        foreach (SocketConnection connection in _held.Keys)
        {
            if (_held.TryRemove(connection, out _)) connection.Kick();
        }
    }

    private IReadOnlyList<IPEndPoint> EndpointsNow() => [.. _listeners.Select(listener => listener.LocalEndPoint).OfType<IPEndPoint>()];

    /// <summary>All of them, or none.</summary>
    private void ListenAtAll(List<IPEndPoint> endpoints)
    {
        var opened = new List<Socket>();
        try
        {
            foreach (IPEndPoint endpoint in endpoints) opened.Add(Listen(endpoint));
        }
        catch (ListenException)
        {
            foreach (Socket listener in opened) listener.Dispose();
            throw;
        }
        _listeners.AddRange(opened);
        foreach (Socket listener in opened) _ = AcceptAsync(listener);
    }

    private void AddOptional(IPEndPoint endpoint)
    {
        try
        {
            _listeners.Add(Listen(endpoint));
        }
        catch (ListenException refusal) when (refusal.IsMissing)
        {
            // As redis-server does with an address that has a minus.
        }
    }

    // ReuseAddress is left alone: .NET sets what a restart needs, and more of it would share the port.
    private Socket Listen(IPEndPoint endpoint) => Bound(endpoint, SocketAddressText.Text(endpoint), null);

    private Socket ListenUnix(string path)
    {
        SocketAddressText.MakeRoomFor(path);
        return Bound(new UnixDomainSocketEndPoint(path), path, path);
    }

    /// <summary>The permissions of a path are set while nobody can connect yet: between bind and listen.</summary>
    private Socket Bound(EndPoint endpoint, string where, string? path)
    {
        Socket? listener = null;
        try
        {
            ProtocolType protocol = path is null ? ProtocolType.Tcp : ProtocolType.Unspecified;
            listener = new Socket(endpoint.AddressFamily, SocketType.Stream, protocol);
            // Two sockets for two families, as in redis-server: [::] must not take 0.0.0.0 with it.
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) listener.DualMode = false;
            listener.Bind(endpoint);
            if (path is not null && Options.UnixSocketMode is { } mode && !OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
            listener.Listen(Options.Backlog);
            return listener;
        }
        catch (SocketException refusal)
        {
            listener?.Dispose();
            bool isMissing = refusal.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported
                or SocketError.ProtocolNotSupported or SocketError.ProtocolFamilyNotSupported;
            throw new ListenException(where, "bind: " + refusal.Message, isMissing, refusal);
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_isStopping)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                if (_isStopping) return;
                // Out of descriptors, most likely: a rest, or the loop would spin.
                await Task.Delay(AcceptRetryMs).ConfigureAwait(false);
                continue;
            }
            Serve(socket);
        }
    }

    private void Serve(Socket socket)
    {
        SocketConnection? connection = null;
        try
        {
            connection = Describe(socket);
        }
        catch (SocketException)
        {
            // Gone before it could be asked for its address.
            socket.Dispose();
        }
        if (connection is null) return;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = ended.Task;
        _ = ServeAsync(connection, ended);
    }

    private static async Task ServeAsync(SocketConnection connection, TaskCompletionSource ended)
    {
        await connection.ServeAsync().ConfigureAwait(false);
        ended.SetResult();
    }

    private SocketConnection Describe(Socket socket)
    {
        int descriptor = OperatingSystem.IsWindows() ? -1 : (int)socket.Handle;
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            string text = SocketAddressText.UnixText(Options.UnixSocketPath!);
            return new SocketConnection(this, socket)
            {
                Descriptor = descriptor, RemoteAddress = text, LocalAddress = text, IsUnixSocket = true, IsLocal = true,
            };
        }
        socket.NoDelay = true;
        SetKeepAlive(socket, Options.KeepAliveSeconds);
        var peer = (IPEndPoint?)socket.RemoteEndPoint;
        return new SocketConnection(this, socket)
        {
            Descriptor = descriptor,
            RemoteAddress = SocketAddressText.Text(peer),
            LocalAddress = SocketAddressText.Text((IPEndPoint?)socket.LocalEndPoint),
            IsLocal = SocketAddressText.IsLoopback(peer),
        };
    }

    private static void SetKeepAlive(Socket socket, int seconds)
    {
        if (seconds <= 0) return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Math.Max(1, seconds / 3));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
