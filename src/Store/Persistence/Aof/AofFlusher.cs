using System.Diagnostics;
using Galley.Store.Observability;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// The one thread that waits for the disk. Under <c>always</c> it writes and flushes all that is there, again and again
/// as long as there is more: whoever commits while a flush is on its way shares the next one. Under <c>everysec</c> it
/// flushes once a second what others wrote; under <c>no</c> when so much is unflushed that memory is not to keep more of
/// it, or when somebody waits for it. Under all of them it repeats what failed, replaces a spoiled increment,
/// and rotates for a rewrite.
/// <para>
/// Under <c>always</c> a thread whose connections all wait for what it commits flushes by itself, as long as the disk is quick
/// (<see cref="TryFlushShortly"/>, decision 32): to hand the work over and back costs more than the flush.
/// </para>
/// </summary>
internal sealed class AofFlusher(AppendOnlyFile log, AofWriter writer, AofOptions options) : IDisposable
{
    private const int PeriodMs = 1000;

    /// <summary>
    /// How soon a failure is tried again; Redis waits a second, with its writers refused meanwhile as here.
    /// </summary>
    private const int RetryMs = 100;

    /// <summary>The longest wait for others to join a flush.</summary>
    private static readonly long GatherTicksMax = Stopwatch.Frequency / 2000;

    /// <summary>Flushes that usually take no longer than this are short: as long as a turn of Galley's own work may be.</summary>
    private static readonly long ShortFlushTicks = Stopwatch.Frequency / 500;

    /// <summary>The weight of all flushes before the last in what is usual; one that took 0.1 s is outlived by about thirty short ones.</summary>
    private const int UsualWeight = 7;

    private readonly AutoResetEvent _signal = new(false);
    private readonly Lock _passes = new();
    private readonly Lock _waking = new();
    private Thread? _thread;
    private long _lastFlush = options.Time.GetTimestamp();
    private long _lastFlushTicks;
    private long _usualFlushTicks;
    private int _isAsleep;
    private volatile bool _isStopping;
    private volatile bool _isAsked;
    private bool _isDisposed;

    /// <summary>A flush that waits for the disk right now.</summary>
    public bool IsFlushing { get; private set; }

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "galley-aof" };
        _thread.Start();
    }

    /// <summary>Has the thread look again. Costs one exchange while it is awake.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isAsleep, 0) == 0) return;
        lock (_waking)
        {
            if (!_isDisposed) _signal.Set();
        }
    }

    /// <summary>Has what was written flushed soon, whatever the policy.</summary>
    public void Ask()
    {
        _isAsked = true;
        Wake();
    }

    public void Dispose()
    {
        _isStopping = true;
        _signal.Set();
        _thread?.Join();
        lock (_waking)
        {
            _isDisposed = true;
            _signal.Dispose();
        }
    }

    private void Run()
    {
        while (!_isStopping)
        {
            bool isPeriodOver = options.Time.GetElapsedTime(_lastFlush).TotalMilliseconds >= PeriodMs;
            if (!Pass(isPeriodOver) || !HasWork) Sleep();
            else if (log.Policy == FsyncPolicy.Always) Gather();
        }
    }

    /// <summary>
    /// Others committed while a flush was on its way, and those whom it released are about to: the next flush waits a part
    /// of what the last one took, so that both share it. Without this, 50 clients fall into two halves that wait for each
    /// other's flush, and there are twice as many.
    /// </summary>
    private void Gather()
    {
        long gatherTicks = Math.Min(_lastFlushTicks, GatherTicksMax);
        long startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetTimestamp() - startedAt < gatherTicks && !_isStopping) Thread.Yield();
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        // Whoever committed just before the exchange did not signal.
        bool mayRetryAtOnce = writer.Failure is null && HasWork;
        if (!mayRetryAtOnce && !_isStopping) _signal.WaitOne(writer.Failure is null ? PeriodMs : RetryMs);
        Interlocked.Exchange(ref _isAsleep, 0);
    }

    private bool HasWork => log.Policy == FsyncPolicy.Always
        ? writer.HasUnwritten || writer.HasUnflushed || writer.Rotation is not null
        : writer.HasUnwritten || writer.Rotation is not null;

    /// <summary>One look at everything; false if something failed and should be left in peace for a while.</summary>
    internal bool Pass(bool isPeriodOver)
    {
        lock (_passes)
        {
            bool isWell = Recover() && Rotate() && Store(isPeriodOver);
            log.Release();
            return isWell;
        }
    }

    /// <summary>
    /// Writes and flushes on the calling thread, and releases. False where that is the flusher's: it is at it, something failed
    /// or has to be mended first, a rewrite wants another increment, or the disk takes its time.
    /// </summary>
    internal bool TryFlushShortly()
    {
        if (!HasWork) return true;
        if (Volatile.Read(ref _usualFlushTicks) > ShortFlushTicks || !IsOrdinary || !_passes.TryEnter()) return false;
        try
        {
            bool isWell = IsOrdinary && Store(isPeriodOver: false);
            log.Release();
            return isWell;
        }
        finally
        {
            _passes.Exit();
        }
    }

    private bool IsOrdinary => writer.Failure is null && writer.Rotation is null && !writer.IsSpoiled && writer.IsSettled;

    /// <summary>Writes and flushes all of it whatever the policy; false if that failed.</summary>
    internal bool FlushAll()
    {
        lock (_passes)
        {
            bool isWell;
            // Past the limit of unflushed bytes one flush makes room for the next write; a rotation whose flush failed follows
            // after what was spoiled is mended, and until then nothing behind it is written.
            do isWell = Recover() && Rotate() && writer.WritePending() && FlushWritten();
            while (isWell && (writer.HasUnwritten || writer.Rotation is not null));
            log.Release();
            return isWell;
        }
    }

    /// <summary>A spoiled increment or a manifest that may not last come before anything else.</summary>
    private bool Recover() => (!writer.IsSpoiled || writer.Replace()) && (writer.IsSettled || writer.Flush());

    private bool Rotate()
    {
        if (writer.Rotation is not { } rotation) return true;
        while (writer.Written < rotation.Offset)
        {
            // Past the limit of unflushed bytes one flush makes room for the next write.
            if (!writer.WritePending() || !FlushWritten()) return false;
        }
        // What spoiled the increment is mended at once, and the rotation follows in the next pass: replies wait for it.
        return writer.Rotate(rotation) || (writer.IsSpoiled && writer.Replace());
    }

    private bool Store(bool isPeriodOver)
    {
        switch (log.Policy)
        {
            case FsyncPolicy.Always:
                return writer.WritePending() && (!writer.HasUnflushed || FlushWritten());

            default:
                bool isDue = log.Policy == FsyncPolicy.EverySecond ? isPeriodOver : _isAsked;
                bool isFull = writer.Written - writer.Durable > options.FlushAheadBytes;
                _isAsked = false;
                if ((isDue || isFull) && writer.HasUnflushed && !FlushWritten()) return false;
                if (isPeriodOver) writer.Tail.Trim();
                return writer.WritePending() && Recovered();
        }
    }

    private bool FlushWritten()
    {
        IsFlushing = true;
        long startedAt = Stopwatch.GetTimestamp();
        _lastFlush = options.Time.GetTimestamp();
        try
        {
            return (writer.Flush() || (writer.IsSpoiled && writer.Replace())) && Recovered();
        }
        finally
        {
            IsFlushing = false;
            _lastFlushTicks = Stopwatch.GetTimestamp() - startedAt;
            _usualFlushTicks = ((_usualFlushTicks * UsualWeight) + _lastFlushTicks) / (UsualWeight + 1);
            if (log.Policy == FsyncPolicy.Always) options.Latency?.Note(LatencyEvents.AofFsyncAlways, _lastFlushTicks);
        }
    }

    private bool Recovered()
    {
        // What was let go while writing failed has to be written first; a full tail may still stand in its way.
        if (writer.Written >= log.ReleasedOffset) writer.ClearFailure();
        return true;
    }
}
