namespace Galley.Resp.Transport;

internal sealed partial class Reactor
{
    private readonly List<EpollConnection> _opened = [];
    private readonly List<EpollConnection> _touched = [];
    private readonly List<EpollConnection> _closing = [];
    private List<EpollConnection> _ready = [];
    private List<EpollConnection> _running = [];

    private bool HasTurn => _ready.Count > 0 || _touched.Count > 0 || _opened.Count > 0 || _closing.Count > 0;

    /// <summary>Everything that needs the gate, in one go.</summary>
    private void Turn()
    {
        _handler.EnterTurn();
        foreach (EpollConnection connection in _opened)
        {
            if (!_handler.Opened(connection)) connection.CloseAfterReply = true;
            Touch(connection);
        }
        _opened.Clear();

        // A connection that has more to run goes to the next turn's list, after those that others wait for.
        (_running, _ready) = (_ready, _running);
        foreach (EpollConnection connection in _running) RunOne(connection);
        _running.Clear();

        // What was run may have written to others of this reactor: they leave in the same turn.
        TakeRequests();
        foreach (EpollConnection connection in _closing) Leave(connection);
        _closing.Clear();
        foreach (EpollConnection connection in _touched) Detach(connection);
        _touched.Clear();
        _handler.LeaveTurn();
    }

    private void RunOne(EpollConnection connection)
    {
        connection.IsReady = false;
        if (connection.IsClosing) return;
        bool hasMore = !connection.IsPaused && !connection.CloseAfterReply && _handler.Run(connection);
        if (hasMore) AddReady(connection);
        else
        {
            if (connection.HasEnded) connection.EndsAfterSend = true;
            connection.Reader.Release();
        }
        Touch(connection);
    }

    private void Detach(EpollConnection connection)
    {
        connection.IsTouched = false;
        if (connection.IsGone) return;
        if (connection.CloseAfterReply) connection.EndsAfterSend = true;
        if (!connection.Output.IsEmpty) connection.Output.DetachTo(connection.Queue);
        if (connection.Queue.Count > 0 || connection.EndsAfterSend) _sendable.Add(connection);
    }

    private void AddReady(EpollConnection connection)
    {
        if (connection.IsReady) return;
        connection.IsReady = true;
        _ready.Add(connection);
    }

    private void Touch(EpollConnection connection)
    {
        if (connection.IsTouched) return;
        connection.IsTouched = true;
        _touched.Add(connection);
    }

    /// <summary>The connection ends with the next turn, in which the application is told.</summary>
    private void Close(EpollConnection connection)
    {
        if (connection.IsLeaving) return;
        connection.BeginClose();
        _closing.Add(connection);
    }

    private void Leave(EpollConnection connection)
    {
        _handler.Closed(connection);
        connection.IsGone = true;
        connection.Output.Drop();
        connection.Queue.Drop();
        connection.Reader.Drop();
        _connections[connection.Descriptor] = null;
        Libc.Close(connection.Descriptor);
        _transport.CountConnections(-1);
        // A descriptor is free: whoever could not be accepted for want of one need not wait longer.
        if (_acceptRetryAtMs != 0) _acceptRetryAtMs = 1;
    }

    /// <summary>The end of the reactor: whoever is connected leaves, with what could be sent at once.</summary>
    private void CloseAll()
    {
        _handler.TicketReleased -= OnTicketReleased;
        if (HasTurn) Turn();
        Send();
        foreach (EpollConnection? connection in _connections)
        {
            if (connection is not null) Close(connection);
        }
        if (HasTurn) Turn();
        while (_retired.TryDequeue(out RetiredListeners? retired)) retired.Leave();
        Libc.Close(_wake);
        Libc.Close(_epoll);
    }
}
