using System.Diagnostics.CodeAnalysis;

namespace Galley.Api.WebSockets;

/// <summary>What a socket waits for.</summary>
internal enum Deadline : byte
{
    /// <summary>The next ping is due.</summary>
    Ping,

    /// <summary>The last ping should have been answered.</summary>
    Pong,

    /// <summary>Credentials should have been shown.</summary>
    Auth,

    /// <summary>The close should have been answered.</summary>
    Close,
}

/// <summary>
/// The deadlines of all sockets, by one timer. Each kind has one length for all, so that its deadlines pass in the order
/// in which they were set: a queue is enough, and a tick looks at its head only.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _startedAt;
    private readonly Queue<Entry>[] _queues = [.. Enum.GetValues<Deadline>().Select(_ => new Queue<Entry>())];
    private bool _isTicking;

    public Heartbeat(TimeProvider time)
    {
        _time = time;
        _startedAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long NowMs => (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>Calls the socket when the time has passed.</summary>
    public void Set(Pulse pulse, Deadline deadline, int delayMs)
    {
        lock (_lock)
        {
            _queues[(int)deadline].Enqueue(new Entry(pulse, NowMs + delayMs));
            if (_isTicking) return;
            _isTicking = true;
            _timer.Change(Tick, Tick);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Beat()
    {
        long nowMs = NowMs;
        for (int deadline = 0; deadline < _queues.Length; deadline++)
        {
            while (TryTakeDue(_queues[deadline], nowMs, out Pulse? pulse)) pulse.Socket?.Passed((Deadline)deadline);
        }
        lock (_lock)
        {
            if (Array.Exists(_queues, queue => queue.Count > 0)) return;
            _isTicking = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private bool TryTakeDue(Queue<Entry> queue, long nowMs, [NotNullWhen(true)] out Pulse? pulse)
    {
        lock (_lock)
        {
            bool isDue = queue.TryPeek(out Entry entry) && entry.DueMs <= nowMs;
            if (isDue) queue.Dequeue();
            pulse = isDue ? entry.Pulse : null;
            return isDue;
        }
    }

    private readonly record struct Entry(Pulse Pulse, long DueMs);
}

/// <summary>How the heartbeat knows a socket: a deadline that is left over keeps nothing of a closed one.</summary>
internal sealed class Pulse(Socket socket)
{
    public Socket? Socket { get; private set; } = socket;

    public void Stop() => Socket = null;
}
