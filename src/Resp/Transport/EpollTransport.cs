using System.Net;

namespace Galley.Resp.Transport;

/// <summary>
/// RESP over TCP and Unix sockets on Linux, served by reactors of its own: each a thread with an epoll instance that
/// receives, runs and sends. All reactors wait at the same listening sockets, and the kernel wakes one of them.
/// </summary>
public sealed class EpollTransport(TransportOptions options, IConnectionHandler handler) : ITransport
{
    private readonly ListenerSet _listeners = new(options);
    private readonly List<Reactor> _reactors = [];
    private int _connectionCount;
    private int _acceptingReactors;

    public IReadOnlyList<IPEndPoint> Endpoints { get; private set; } = [];

    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    internal TransportOptions Options { get; } = options;

    internal IConnectionHandler Handler { get; } = handler;

    internal ListeningSocket[] Listeners => _listeners.Sockets;

    public void Start()
    {
        _listeners.Open();
        Endpoints = _listeners.Endpoints;
        _acceptingReactors = Math.Max(1, Options.ThreadCount);
        for (int i = 0; i < _acceptingReactors; i++) _reactors.Add(new Reactor(this, i));
        foreach (Reactor reactor in _reactors) reactor.Start();
    }

    public void Move(IReadOnlyList<IPEndPoint> endpoints)
    {
        var retired = new RetiredListeners(_listeners.Move(endpoints), _reactors.Count);
        Endpoints = _listeners.Endpoints;
        foreach (Reactor reactor in _reactors) reactor.FollowListeners(retired);
    }

    public void KeepAlive(int seconds) => _listeners.KeepAlive(seconds);

    public void StopAccepting()
    {
        foreach (Reactor reactor in _reactors) reactor.StopAccepting();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Reactor reactor in _reactors) reactor.Stop();
        foreach (Reactor reactor in _reactors) await reactor.Ended;
        _listeners.Close();
    }

    internal void CountConnections(int change) => Interlocked.Add(ref _connectionCount, change);

    /// <summary>A reactor has left the listening sockets; the last one closes them.</summary>
    internal void StoppedAccepting()
    {
        if (Interlocked.Decrement(ref _acceptingReactors) == 0) _listeners.Close();
    }
}
