namespace Galley.Resp.Transport;

/// <summary>Sockets that are listened at no more, closed by the last reactor that leaves them.</summary>
internal sealed class RetiredListeners(IReadOnlyList<ListeningSocket> sockets, int reactors)
{
    private readonly IReadOnlyList<ListeningSocket> _sockets = sockets;
    private int _waiting = reactors;

    public void Leave()
    {
        if (Interlocked.Decrement(ref _waiting) > 0) return;
        foreach (ListeningSocket socket in _sockets) socket.Close();
    }
}
