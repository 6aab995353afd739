using Galley.Resp.Protocol;

namespace Galley.Resp.Transport;

/// <summary>
/// A client of a reactor. Other threads only set requests and push it on the reactor's stack; everything else is
/// touched by the reactor's thread alone.
/// </summary>
internal sealed class EpollConnection(Reactor reactor, RespLimits limits) : Connection(limits)
{
    private LinkedListNode<EpollConnection>? _cloggedNode;
    private volatile bool _isPaused;
    private int _isRequested;
    private int _isAborted;
    private int _isResumed;

    /// <summary>What is being sent.</summary>
    public SendQueue Queue { get; } = new();

    /// <summary>The next in the reactor's stack of requests.</summary>
    public EpollConnection? NextRequested { get; set; }

    /// <summary>The events that epoll watches for it.</summary>
    public uint Interest { get; set; }

    /// <summary>Epoll watches nothing of it: its command runs, and lets others run meanwhile.</summary>
    public bool IsUnwatched { get; set; }

    /// <summary>When <see cref="Coalescing"/> last counted it.</summary>
    public int CoalescingWindow { get; set; }

    /// <summary>The last turn of its reactor that it began, or ended, with more to run than a first share.</summary>
    public long LastLongTurn { get; set; }

    /// <summary>Waits in the list of connections to run.</summary>
    public bool IsReady { get; set; }

    /// <summary>Its place among those that do not take what they were sent; made for the few that ever wait there.</summary>
    public LinkedListNode<EpollConnection> CloggedNode => _cloggedNode ??= new LinkedListNode<EpollConnection>(this);

    /// <summary>Waits there.</summary>
    public bool IsClogged => _cloggedNode is { List: not null };

    /// <summary>Waits in the list of connections whose output is to be detached.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Waits among those that have much to send.</summary>
    public bool IsBulky { get; set; }

    /// <summary>Waits in the list of connections whose queue is held by a ticket.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The kernel's buffer is full: nothing is sent until epoll says that there is room.</summary>
    public bool WaitsForRoom { get; set; }

    /// <summary>The client sends no more; what it sent is still run and answered.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Closed once the queue is empty. Set in a turn, when the last output is in the queue.</summary>
    public bool EndsAfterSend { get; set; }

    /// <summary>Waits in the list of connections that leave in the next turn.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Has left: its descriptor is closed and its buffers are given back.</summary>
    public bool IsGone { get; set; }

    public bool IsPaused => _isPaused;

    public override void RequestFlush() => Request();

    public override void Abort()
    {
        IsClosing = true;
        Volatile.Write(ref _isAborted, 1);
        Request();
    }

    public override void Pause() => _isPaused = true;

    public override void Resume()
    {
        _isPaused = false;
        Volatile.Write(ref _isResumed, 1);
        Request();
    }

    public void BeginClose()
    {
        IsClosing = true;
        IsLeaving = true;
    }

    /// <summary>Taken from the stack: from here on a new request pushes it again.</summary>
    public void TakeRequest(out bool isAborted, out bool isResumed)
    {
        Interlocked.Exchange(ref _isRequested, 0);
        isAborted = Volatile.Read(ref _isAborted) != 0;
        isResumed = Interlocked.Exchange(ref _isResumed, 0) != 0;
    }

    private void Request()
    {
        if (Interlocked.Exchange(ref _isRequested, 1) == 0) reactor.Request(this);
    }
}
