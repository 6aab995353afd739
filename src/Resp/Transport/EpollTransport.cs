using System.Net;

namespace Galley.Resp.Transport;

/// <summary>
/// RESP over TCP and Unix sockets on Linux, served by reactors of its own: each a thread with an epoll instance that
/// receives, runs and sends. All reactors wait at the same listening sockets, and the kernel wakes one of them.
/// </summary>
public sealed class EpollTransport(TransportOptions options, IConnectionHandler handler) : ITransport
{
    private readonly List<ListeningSocket> _listeners = [];
    private readonly List<Reactor> _reactors = [];
    private int _connectionCount;
    private int _acceptingReactors;

    public IReadOnlyList<IPEndPoint> Endpoints { get; private set; } = [];

    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    internal TransportOptions Options { get; } = options;

    internal IConnectionHandler Handler { get; } = handler;

    internal IReadOnlyList<ListeningSocket> Listeners => _listeners;

    public void Start()
    {
        try
        {
            foreach (IPEndPoint endpoint in Options.Endpoints) _listeners.Add(ListeningSocket.Tcp(endpoint, Options.Backlog));
            foreach (IPEndPoint endpoint in Options.OptionalEndpoints) AddOptional(endpoint);
            if (Options.UnixSocketPath is { } path) _listeners.Add(ListeningSocket.Unix(path, Options.UnixSocketMode, Options.Backlog));
        }
        catch
        {
            CloseListeners();
            throw;
        }
        Endpoints = [.. _listeners.Select(listener => listener.Endpoint).OfType<IPEndPoint>()];
        _acceptingReactors = Math.Max(1, Options.ThreadCount);
        for (int i = 0; i < _acceptingReactors; i++) _reactors.Add(new Reactor(this, i));
        foreach (Reactor reactor in _reactors) reactor.Start();
    }

    public void StopAccepting()
    {
        foreach (Reactor reactor in _reactors) reactor.StopAccepting();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Reactor reactor in _reactors) reactor.Stop();
        foreach (Reactor reactor in _reactors) await reactor.Ended;
        CloseListeners();
    }

    internal void CountConnections(int change) => Interlocked.Add(ref _connectionCount, change);

    /// <summary>A reactor has left the listening sockets; the last one closes them.</summary>
    internal void StoppedAccepting()
    {
        if (Interlocked.Decrement(ref _acceptingReactors) == 0) CloseListeners();
    }

    private void AddOptional(IPEndPoint endpoint)
    {
        try
        {
            _listeners.Add(ListeningSocket.Tcp(endpoint, Options.Backlog));
        }
        catch (ListenException refusal) when (refusal.IsMissing)
        {
            // As redis-server does with an address that has a minus.
        }
    }

    private void CloseListeners()
    {
        lock (_listeners)
        {
            foreach (ListeningSocket listener in _listeners) listener.Close();
            _listeners.Clear();
        }
    }
}
