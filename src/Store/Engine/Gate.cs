using System.Collections.Concurrent;
using System.Diagnostics;
using Galley.Resp.Transport;

namespace Galley.Store.Engine;

/// <summary>
/// Who holds the gate runs commands; nobody else does. A try-lock with a mailbox: work that finds the gate held is left
/// in a queue, which the holder empties, within bounds, before it lets go. So a thread of the pool never waits for the
/// gate, and a door beside a busy reactor waits for one turn and not for its luck.
/// <para>
/// Only a transport's own thread may wait (<see cref="Enter"/>). When the bounds are reached with work left, the gate is
/// opened for those who wait, and a pool thread goes on with the mailbox.
/// </para>
/// </summary>
internal sealed partial class Gate(ITurn turn) : IThreadPoolWorkItem, IDisposable
{
    private const int Free = 0;
    private const int Held = 1;

    /// <summary>Pieces of work from the mailbox in one turn.</summary>
    private const int MailboxBatch = 64;

    /// <summary>Time for the mailbox in one turn.</summary>
    private static readonly long MailboxTicks = Stopwatch.Frequency / 2000;

    /// <summary>
    /// How long a waiting thread spins before it sleeps: a little longer than an ordinary turn, or one of Galley's own work while
    /// somebody waits. To be woken may take a whole millisecond where a processor has to be woken first.
    /// </summary>
    private static readonly long SpinTicks = Stopwatch.Frequency / 4000;

    private readonly ITurn _turn = turn;
    private readonly ConcurrentQueue<ITurnWork> _mailbox = new();
    private readonly SemaphoreSlim _opened = new(0);
    private int _state;
    private int _arrived;
    private int _waiting;

    /// <summary>Somebody waits for the gate, or for what is in the mailbox.</summary>
    public bool IsWanted => Volatile.Read(ref _arrived) > 0 || !_mailbox.IsEmpty;

    /// <summary>Takes the gate, waiting for it if need be. Never on a pool thread.</summary>
    /// <param name="loop">What stands still as long as the gate is held.</param>
    public void Enter(ITransportLoop? loop = null)
    {
        if (!TryTake()) EnterSlow();
        _loop = loop;
        _turn.Begin();
    }

    /// <summary>Serves the mailbox and lets go.</summary>
    public void Leave()
    {
        bool emptied = ServeMailbox();
        bool servesConnections = _loop is not null;
        _turn.End();
        Open();
        if (!emptied || !_mailbox.IsEmpty) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        _turn.AfterEnd(servesConnections);
    }

    /// <summary>
    /// Runs the work now if the gate is free; otherwise its holder will. What may take long, and what is left when the
    /// bounds are reached, goes to a thread of the pool: others wait for those that serve connections.
    /// </summary>
    public void Post(ITurnWork work)
    {
        _mailbox.Enqueue(work);
        ServeIfFree();
    }

    /// <summary>A pool thread goes on with what a holder had to leave.</summary>
    void IThreadPoolWorkItem.Execute() => ServeIfFree();

    public void Dispose() => _opened.Dispose();

    private void ServeIfFree()
    {
        while (!_mailbox.IsEmpty && TryTake())
        {
            _loop = null;
            _turn.Begin();
            bool emptied = ServeMailbox();
            _turn.End();
            Open();
            _turn.AfterEnd(servesConnections: false);
            if (emptied || Thread.CurrentThread.IsThreadPoolThread) continue;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }
    }

    private bool TryTake() => Interlocked.CompareExchange(ref _state, Held, Free) == Free;

    private void EnterSlow()
    {
        Interlocked.Increment(ref _arrived);
        if (!TrySpin()) Sleep();
        Interlocked.Decrement(ref _arrived);
    }

    private bool TrySpin()
    {
        long startedAt = Stopwatch.GetTimestamp();
        do
        {
            Thread.SpinWait(50);
            if (TryTake()) return true;
        }
        while (Stopwatch.GetTimestamp() - startedAt < SpinTicks);
        return false;
    }

    private void Sleep()
    {
        Interlocked.Increment(ref _waiting);
        while (!TryTake()) _opened.Wait(TimeSpan.FromMilliseconds(1));
        Interlocked.Decrement(ref _waiting);
    }

    private void Open()
    {
        Interlocked.Exchange(ref _state, Free);
        if (Volatile.Read(ref _waiting) > 0 && _opened.CurrentCount == 0) _opened.Release();
    }

    /// <summary>True where nothing is left for another thread.</summary>
    private bool ServeMailbox()
    {
        if (_mailbox.IsEmpty) return true;
        long until = Stopwatch.GetTimestamp() + MailboxTicks;
        for (int i = 0; i < MailboxBatch; i++)
        {
            if (!_mailbox.TryPeek(out ITurnWork? work)) return true;
            if (work.MayTakeLong && !Thread.CurrentThread.IsThreadPoolThread) return false;
            _mailbox.TryDequeue(out _);
            work.RunInTurn();
            if (Stopwatch.GetTimestamp() > until) break;
        }
        return _mailbox.IsEmpty;
    }
}

/// <summary>What is done around each turn of the gate.</summary>
internal interface ITurn
{
    /// <summary>The gate was taken.</summary>
    void Begin();

    /// <summary>The gate is about to be let go.</summary>
    void End();

    /// <summary>It was let go: work that needs the turn's results but not the gate.</summary>
    /// <param name="servesConnections">The thread is that of a transport's loop, which stands still until this returns.</param>
    void AfterEnd(bool servesConnections);
}
