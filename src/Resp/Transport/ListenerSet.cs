using System.Net;

namespace Galley.Resp.Transport;

/// <summary>
/// The listening sockets of the reactors. The array is never changed, only replaced: a reactor may be looking at it.
/// </summary>
internal sealed class ListenerSet(TransportOptions options)
{
    private readonly TransportOptions _options = options;
    private readonly Lock _changing = new();
    private volatile ListeningSocket[] _sockets = [];

    public ListeningSocket[] Sockets => _sockets;

    public IReadOnlyList<IPEndPoint> Endpoints => [.. _sockets.Select(socket => socket.Endpoint).OfType<IPEndPoint>()];

    /// <exception cref="ListenException">One could not be had; then none is left open.</exception>
    public void Open()
    {
        var opened = new List<ListeningSocket>();
        try
        {
            foreach (IPEndPoint endpoint in _options.Endpoints) opened.Add(ListeningSocket.Tcp(endpoint, _options));
            foreach (IPEndPoint endpoint in _options.OptionalEndpoints) AddOptional(endpoint, opened);
            if (_options.UnixSocketPath is { } path)
                opened.Add(ListeningSocket.Unix(path, _options.UnixSocketMode, _options.Backlog));
        }
        catch
        {
            foreach (ListeningSocket socket in opened) socket.Close();
            throw;
        }
        _sockets = [.. opened];
    }

    /// <summary>
    /// Listens at these TCP addresses in place of those before: what both have stays, what is new is opened before anything
    /// is given up. Gives the sockets that are of no more use; the caller closes them when no reactor waits at them.
    /// </summary>
    /// <exception cref="ListenException">One could not be had; then all is as it was.</exception>
    public IReadOnlyList<ListeningSocket> Move(IReadOnlyList<IPEndPoint> endpoints)
    {
        lock (_changing)
        {
            List<ListeningSocket> leaving = [.. _sockets.Where(socket => socket.Endpoint is not null)];
            List<ListeningSocket> next = [.. _sockets.Where(socket => socket.Endpoint is null)];
            var wanted = new List<IPEndPoint>();
            foreach (IPEndPoint endpoint in endpoints)
            {
                int at = leaving.FindIndex(socket => socket.Endpoint!.Equals(endpoint));
                if (at < 0)
                {
                    wanted.Add(endpoint);
                    continue;
                }
                next.Add(leaving[at]);
                leaving.RemoveAt(at);
            }
            next.AddRange(OpenBeside(wanted, leaving));
            _sockets = [.. next];
            return leaving;
        }
    }

    public void KeepAlive(int seconds)
    {
        lock (_changing)
        {
            _options.KeepAliveSeconds = seconds;
            foreach (ListeningSocket socket in _sockets) socket.KeepAlive(seconds);
        }
    }

    public void Close()
    {
        lock (_changing)
        {
            foreach (ListeningSocket socket in _sockets) socket.Close();
            _sockets = [];
        }
    }

    /// <summary>
    /// A port that is left at one address and taken at all of them, or the other way round, cannot be had twice: the old
    /// sockets fall silent first, and speak again if that was for nothing.
    /// </summary>
    private List<ListeningSocket> OpenBeside(List<IPEndPoint> wanted, List<ListeningSocket> leaving)
    {
        List<ListeningSocket> inTheWay = leaving.FindAll(old => wanted.Exists(endpoint => Overlaps(old.Endpoint!, endpoint)));
        var opened = new List<ListeningSocket>();
        foreach (ListeningSocket old in inTheWay) old.Silence();
        try
        {
            foreach (IPEndPoint endpoint in wanted) opened.Add(ListeningSocket.Tcp(endpoint, _options));
            return opened;
        }
        catch
        {
            foreach (ListeningSocket socket in opened) socket.Close();
            foreach (ListeningSocket old in inTheWay) old.Resume(_options.Backlog);
            throw;
        }
    }

    private void AddOptional(IPEndPoint endpoint, List<ListeningSocket> opened)
    {
        try
        {
            opened.Add(ListeningSocket.Tcp(endpoint, _options));
        }
        catch (ListenException refusal) when (refusal.IsMissing)
        {
            // As redis-server does with an address that has a minus.
        }
    }

    private static bool Overlaps(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port && one.AddressFamily == other.AddressFamily && (IsAny(one.Address) || IsAny(other.Address));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
