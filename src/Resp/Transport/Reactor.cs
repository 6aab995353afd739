using System.Diagnostics;

namespace Galley.Resp.Transport;

/// <summary>
/// One thread with one epoll instance. A turn of its loop:
/// <code>
///   epoll_wait
///   accept, and recv once from every ready connection           Reactor.Receiving
///   EnterTurn
///     Opened, Run, Closed; detach what was written               Reactor.Turn
///   LeaveTurn
///   send once to every connection that has something released   Reactor.Sending
/// </code>
/// Nothing here allocates once the lists have grown, and a turn makes no call to the kernel but these: epoll is
/// level-triggered and a connection's interest changes only when it pauses, ends or cannot take more; a recv that
/// filled its buffer in part is not tried again.
/// <para>
/// Other threads push connections on a stack (<see cref="Request"/>) and wake the loop by an event descriptor, but
/// only if it sleeps: <c>_isSleeping</c> is set before the last look at the stack and taken by who wakes it.
/// </para>
/// </summary>
internal sealed partial class Reactor
{
    private const int AcceptRetryMs = 100;

    private readonly EpollTransport _transport;
    private readonly IConnectionHandler _handler;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EpollEvents _events = new();
    private readonly Coalescing _coalescing = new();
    private readonly int _epoll;
    private readonly int _wake;

    private EpollConnection?[] _connections = new EpollConnection?[64];
    private EpollConnection? _requests;
    private int _isSleeping;
    private int _isReleaseSignalled;
    private int _served;
    private volatile bool _isStopping;
    private volatile bool _acceptingEnds;

    public Reactor(EpollTransport transport, int index)
    {
        _transport = transport;
        _handler = transport.Handler;
        _thread = new Thread(Run) { Name = $"reactor {index}", IsBackground = true };
        _epoll = Check(Libc.EpollCreate());
        _wake = Check(Libc.EventDescriptor());
        Check(Libc.EpollControl(_epoll, Libc.EpollAdd, _wake, EpollEvents.Readable | EpollEvents.Edge));
        AddListeners();
    }

    /// <summary>Done when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    public void Start()
    {
        _handler.TicketReleased += OnTicketReleased;
        _thread.Start();
    }

    public void StopAccepting()
    {
        _acceptingEnds = true;
        Wake();
    }

    /// <summary>The transport listens elsewhere now; any thread.</summary>
    public void FollowListeners(RetiredListeners retired)
    {
        _retired.Enqueue(retired);
        Wake();
    }

    public void Stop()
    {
        _isStopping = true;
        Wake();
    }

    /// <summary>Asks the loop to look at a connection; any thread.</summary>
    public void Request(EpollConnection connection)
    {
        EpollConnection? top;
        do
        {
            top = Volatile.Read(ref _requests);
            connection.NextRequested = top;
        }
        while (Interlocked.CompareExchange(ref _requests, connection, top) != top);
        Wake();
    }

    private void OnTicketReleased()
    {
        Interlocked.Exchange(ref _isReleaseSignalled, 1);
        Wake();
    }

    private void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isSleeping) != 0 && Interlocked.Exchange(ref _isSleeping, 0) != 0) Libc.Signal(_wake);
    }

    private void Run()
    {
        Libc.SharpenTimers();
        while (!_isStopping)
        {
            if (_coalescing.ShouldNap(_served)) Libc.Nap(_coalescing.NapNanoseconds);
            _served = 0;
            int count = Wait(-1);
            if (_acceptingEnds) LeaveListeners();
            if (_acceptRetryAtMs != 0) RetryAccepting();
            HandleEvents(count);
            TakeRequests();
            if (HasTurn) Turn();
            // After the events, among which may be one of a socket that is closed here; before the reply to who moved the door.
            if (!_retired.IsEmpty) LeaveRetiredListeners();
            if (!Gathers()) Send();
        }
        CloseAll();
        _ended.SetResult();
    }

    /// <summary>Sleeps until something happens or the time is over (-1: without end), unless there is work at hand.</summary>
    private int Wait(int timeoutMs)
    {
        if (_acceptRetryAtMs != 0 && timeoutMs < 0) timeoutMs = AcceptRetryMs;
        Interlocked.Exchange(ref _isSleeping, 1);
        bool isBusy = HasTurn || _bulky.Count > 0 || Volatile.Read(ref _requests) is not null || Volatile.Read(ref _isReleaseSignalled) != 0
            || _isStopping || !_retired.IsEmpty || (_acceptingEnds && _listens);
        int count = _events.Wait(_epoll, isBusy ? 0 : timeoutMs);
        Volatile.Write(ref _isSleeping, 0);
        Debug.Assert(count >= 0 || count == Libc.Interrupted);
        return count;
    }

    private void HandleEvents(int count)
    {
        for (int i = 0; i < count; i++)
        {
            uint events = _events.Get(i, out int descriptor);
            if (descriptor != _wake) OnEvent(descriptor, events);
        }
    }

    private void OnEvent(int descriptor, uint events)
    {
        if (descriptor >= _connections.Length || _connections[descriptor] is not { } connection)
        {
            Accept(descriptor);
            return;
        }
        if ((events & EpollEvents.Writable) != 0)
        {
            Unclog(connection);
            _sendable.Add(connection);
        }
        if ((events & ~EpollEvents.Writable) != 0) Receive(connection, events);
    }

    /// <summary>Takes what other threads, and this one, have asked for.</summary>
    private void TakeRequests()
    {
        EpollConnection? next = Interlocked.Exchange(ref _requests, null);
        while (next is { } connection)
        {
            next = connection.NextRequested;
            connection.NextRequested = null;
            connection.TakeRequest(out bool isAborted, out bool isResumed);
            if (connection.IsGone) continue;
            if (isAborted)
            {
                Close(connection);
                continue;
            }
            if (isResumed)
            {
                AddReady(connection);
                UpdateInterest(connection);
            }
            Touch(connection);
        }
    }

    /// <summary>Makes epoll watch what the connection now waits for; no call to the kernel if that is as it was.</summary>
    private void UpdateInterest(EpollConnection connection)
    {
        uint wanted = connection.WaitsForRoom ? EpollEvents.Writable : 0;
        if (!connection.HasEnded && !connection.EndsAfterSend)
            wanted |= connection.IsPaused ? EpollEvents.PeerEnded : EpollEvents.Readable | EpollEvents.PeerEnded;
        if (wanted == connection.Interest) return;
        connection.Interest = wanted;
        if (connection.IsUnwatched) return;
        Libc.EpollControl(_epoll, Libc.EpollModify, connection.Descriptor, wanted);
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new IOException($"The reactor cannot start: {Libc.Message(result)}");
}
