using System.Net;

namespace Galley.Resp.Transport;

/// <summary>Listens, and carries bytes between clients and an <see cref="IConnectionHandler"/>.</summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>Where it listens by TCP, with the ports that the system chose where 0 was asked.</summary>
    IReadOnlyList<IPEndPoint> Endpoints { get; }

    /// <summary>Clients that are connected now.</summary>
    int ConnectionCount { get; }

    /// <summary>Binds, listens and serves; an <see cref="IOException"/> says which address could not be had.</summary>
    void Start();

    /// <summary>
    /// Listens at these TCP addresses in place of those before; who is inside stays. Any thread. The new ones are open when
    /// it returns, the old ones are closed soon after.
    /// </summary>
    /// <exception cref="IOException">It says which address could not be had; then all is as it was.</exception>
    void Move(IReadOnlyList<IPEndPoint> endpoints);

    /// <summary>Changes <see cref="TransportOptions.KeepAliveSeconds"/> for connections that come from now on. Any thread.</summary>
    void KeepAlive(int seconds);

    /// <summary>Closes the doors; who is inside stays. Any thread; takes effect soon after.</summary>
    void StopAccepting();
}
