namespace Galley.Resp.Transport;

/// <content>
/// A turn within a turn. A command that takes very long calls <see cref="RunOnce"/> from time to time, on this very
/// thread: the other connections are received from, run and sent to, as on any other turn, but for the gate, which this
/// thread holds already. The application sees to it that nothing but short commands runs here.
/// </content>
internal sealed partial class Reactor : ITransportLoop
{
    private EpollConnection? _running;

    bool ITransportLoop.RunOnce()
    {
        if (_running is { IsUnwatched: false } running) Unwatch(running);
        int count = Wait(0);
        if (_acceptingEnds) LeaveListeners();
        if (_acceptRetryAtMs != 0) RetryAccepting();
        HandleEvents(count);
        TakeRequests();
        if (HasTurn) RunTurn();
        Send();
        return !_isStopping;
    }

    /// <summary>Its reader is in use: nothing of it is to be reported, not even that it has gone.</summary>
    private void Unwatch(EpollConnection connection)
    {
        Libc.EpollControl(_epoll, Libc.EpollDelete, connection.Descriptor, 0);
        connection.IsUnwatched = true;
    }

    /// <summary>What has happened to it meanwhile is reported now.</summary>
    private void Watch(EpollConnection connection)
    {
        connection.IsUnwatched = false;
        if (connection.IsLeaving) _closing.Enqueue(connection);
        Libc.EpollControl(_epoll, Libc.EpollAdd, connection.Descriptor, connection.Interest);
    }
}
