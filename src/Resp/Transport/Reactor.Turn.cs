using System.Diagnostics;

namespace Galley.Resp.Transport;

/// <content>
/// Who gets how much of a turn. A few clients that send little must not wait until many have had all that they sent at once, nor
/// until a crowd has come or gone: whoever has just sent something gets a first share at once; who needs more, and who leaves, share
/// what one turn has for all of them.
/// </content>
internal sealed partial class Reactor
{
    /// <summary>Commands of a connection that has just sent something: what pipelines usually hold.</summary>
    private const int FirstShareCommands = 16;

    /// <summary>What all those share that have more to run; and those that leave, of whose buffers the system may have megabytes to free.</summary>
    private static readonly long ShareTicks = Stopwatch.Frequency / 1000;

    private readonly List<EpollConnection> _opened = [];
    private readonly List<EpollConnection> _touched = [];
    private readonly Queue<EpollConnection> _closing = new();

    /// <summary>Those that have just sent something; those that had their first share of it and have more, or had in the turn before.</summary>
    private readonly Queue<EpollConnection> _ready = new();
    private readonly Queue<EpollConnection> _backlog = new();
    private long _turn;

    private bool HasTurn => _ready.Count > 0 || _backlog.Count > 0 || _touched.Count > 0 || _opened.Count > 0 || _closing.Count > 0;

    /// <summary>Everything that needs the gate, in one go.</summary>
    private void Turn()
    {
        _handler.EnterTurn(this);
        RunTurn();
        _inputAt = 0;
        _handler.LeaveTurn();
    }

    private void RunTurn()
    {
        _turn++;
        foreach (EpollConnection connection in _opened)
        {
            if (!_handler.Opened(connection)) connection.CloseAfterReply = true;
            Touch(connection);
        }
        _opened.Clear();

        // A turn within this one (RunOnce) may take what this one has not come to.
        for (int left = _ready.Count; left > 0 && _ready.TryDequeue(out EpollConnection? connection); left--)
            RunOne(connection, FirstShareCommands);
        if (_backlog.Count > 0) RunBacklog();

        // What was run may have written to others of this reactor: they leave in the same turn.
        TakeRequests();
        LeaveClosed();
        foreach (EpollConnection connection in _touched) Detach(connection);
        _touched.Clear();
    }

    /// <summary>A batch for each of them, one after another, until the time for all of them is over: the rest is for the next turn.</summary>
    private void RunBacklog()
    {
        long startedAt = Stopwatch.GetTimestamp();
        int left = _backlog.Count;
        while (left-- > 0 && _backlog.TryDequeue(out EpollConnection? connection))
        {
            connection.LastLongTurn = _turn;
            RunOne(connection, IConnectionHandler.BatchCommandsMax);
            if (Stopwatch.GetTimestamp() - startedAt > ShareTicks) break;
        }
    }

    private void RunOne(EpollConnection connection, int commandsMax)
    {
        connection.IsReady = false;
        if (connection.IsClosing) return;
        bool hasMore = !connection.IsPaused && !connection.CloseAfterReply && RunHandler(connection, commandsMax);
        if (hasMore)
        {
            connection.LastLongTurn = _turn;
            connection.IsReady = true;
            connection.Reader.Keep();
            _backlog.Enqueue(connection);
        }
        else
        {
            if (connection.HasEnded) connection.EndsAfterSend = true;
            connection.Reader.Release();
        }
        Touch(connection);
    }

    private bool RunHandler(EpollConnection connection, int commandsMax)
    {
        EpollConnection? outer = _running;
        _running = connection;
        bool hasMore = _handler.Run(connection, commandsMax);
        _running = outer;
        if (connection.IsUnwatched) Watch(connection);
        return hasMore;
    }

    private void Detach(EpollConnection connection)
    {
        connection.IsTouched = false;
        // What a running command has written may be a part of its reply: it is taken when it has ended.
        if (connection.IsGone || connection == _running) return;
        if (connection.CloseAfterReply) connection.EndsAfterSend = true;
        if (!connection.Output.IsEmpty) connection.Output.DetachTo(connection.Queue);
        if (connection.Queue.Count > 0 || connection.EndsAfterSend) _sendable.Add(connection);
    }

    private void AddReady(EpollConnection connection)
    {
        if (connection.IsReady) return;
        connection.IsReady = true;
        (WantsMuch(connection) ? _backlog : _ready).Enqueue(connection);
    }

    private bool WantsMuch(EpollConnection connection) => connection.LastLongTurn == _turn && _turn > 0;

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
        _closing.Enqueue(connection);
    }

    private void LeaveClosed()
    {
        if (_closing.Count == 0) return;
        long startedAt = Stopwatch.GetTimestamp();
        do
        {
            EpollConnection connection = _closing.Dequeue();
            // One whose command is running still reads its input, and leaves afterwards: it may then stand here twice.
            if (connection != _running && !connection.IsGone) Leave(connection);
        }
        while (_closing.Count > 0 && Stopwatch.GetTimestamp() - startedAt < ShareTicks);
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
        while (_bulky.Count > 0) SendBulky();
        foreach (EpollConnection? connection in _connections)
        {
            if (connection is not null) Close(connection);
        }
        while (HasTurn) Turn();
        while (_retired.TryDequeue(out RetiredListeners? retired)) retired.Leave();
        Libc.Close(_wake);
        Libc.Close(_epoll);
    }
}
