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

    /// <summary>
    /// What all those share that have more to run; and those that leave, of whose buffers the system may have megabytes to free. A
    /// client that asks one thing after another is answered once a turn: a turn is kept shorter than a millisecond.
    /// </summary>
    private static readonly long ShareTicks = Stopwatch.Frequency / 4000;

    private readonly List<EpollConnection> _opened = [];
    private readonly List<EpollConnection> _touched = [];
    private readonly Queue<EpollConnection> _closing = new();

    /// <summary>Those that have just sent something.</summary>
    private readonly Queue<EpollConnection> _ready = new();

    /// <summary>Those that had their first share of it and have more, or had in the turn before; and who has not authenticated.</summary>
    private readonly Queue<EpollConnection> _backlog = new();

    /// <summary>
    /// Those that do not take what they were sent, and ask for more. Whatever they are answered only waits in memory: one of
    /// them after another, so that who goes on like this is cut off before the next one has begun.
    /// </summary>
    private readonly LinkedList<EpollConnection> _clogged = [];
    private long _turn;

    private bool HasTurn => _ready.Count > 0 || _backlog.Count > 0 || _clogged.Count > 0
        || _touched.Count > 0 || _opened.Count > 0 || _closing.Count > 0;

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
        {
            if (RunOne(connection, FirstShareCommands)) _backlog.Enqueue(connection);
        }
        if (_backlog.Count > 0) RunBacklog();
        if (_clogged.Count > 0) RunClogged();

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
            if (connection.WaitsForRoom)
            {
                _clogged.AddLast(connection.CloggedNode);
                continue;
            }
            connection.LastLongTurn = _turn;
            if (RunOne(connection, IConnectionHandler.BatchCommandsMax)) _backlog.Enqueue(connection);
            if (Stopwatch.GetTimestamp() - startedAt > ShareTicks) break;
        }
    }

    /// <summary>A batch for the first of them, which stays the first as long as it has more.</summary>
    private void RunClogged()
    {
        LinkedListNode<EpollConnection> first = _clogged.First!;
        _clogged.RemoveFirst();
        if (RunOne(first.Value, IConnectionHandler.BatchCommandsMax)) _clogged.AddFirst(first);
    }

    /// <summary>True when it has more to run.</summary>
    private bool RunOne(EpollConnection connection, int commandsMax)
    {
        connection.IsReady = false;
        if (connection.IsClosing) return false;
        bool hasMore = !connection.IsPaused && !connection.CloseAfterReply && RunHandler(connection, commandsMax);
        if (hasMore)
        {
            connection.LastLongTurn = _turn;
            connection.IsReady = true;
            connection.Reader.Keep();
        }
        else
        {
            if (connection.HasEnded) connection.EndsAfterSend = true;
            connection.Reader.Release();
        }
        Touch(connection);
        return hasMore;
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
        (ComesLater(connection) ? _backlog : _ready).Enqueue(connection);
    }

    /// <summary>
    /// Has no first share: it had more to run a moment ago, or does not take what it was sent; or it has not authenticated, and a
    /// crowd of those must not keep waiting who has.
    /// </summary>
    private bool ComesLater(EpollConnection connection) =>
        (connection.LastLongTurn == _turn && _turn > 0) || connection.WaitsForRoom || !connection.Reader.IsAuthenticated;

    /// <summary>It takes again what it is sent.</summary>
    private void Unclog(EpollConnection connection)
    {
        connection.WaitsForRoom = false;
        if (!connection.IsClogged) return;
        _clogged.Remove(connection.CloggedNode);
        _backlog.Enqueue(connection);
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
