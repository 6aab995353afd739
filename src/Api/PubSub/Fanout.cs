using System.Collections.Concurrent;
using Galley.Api.Doors;

namespace Galley.Api.PubSub;

/// <summary>
/// Takes published messages from the engine under its gate, where nothing but an enqueue may happen, and gives them to
/// the sockets and streams of events from a pool thread, in order. One queue for all: those who hear the same message lie
/// next to each other in it, and share what is encoded once.
/// <code>
///   gate: s1,m1  s2,m1  s3,m1  s2,m2 ...  -->  worker: frames into the send queues of s1, s2, s3, s2 ...
/// </code>
/// </summary>
internal sealed class Fanout : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Deliveries that may wait. Beyond, the worker is behind the engine, and who should hear more is cut.</summary>
    private const int WaitingMax = 1024 * 1024;

    /// <summary>Bytes of the messages that may wait.</summary>
    private const long WaitingBytesMax = 256 * 1024 * 1024;

    /// <summary>A longer message is not kept for the next who hears it once all have had it.</summary>
    private const int KeptBytesMax = 64 * 1024;

    /// <summary>Deliveries of one turn of the worker; then others of the pool have theirs.</summary>
    private const int TurnMax = 4096;

    private readonly ConcurrentQueue<Delivery> _waiting = new();
    private readonly IEngineDoor _engine;
    private volatile SharedMessage? _last;

    // The worker's own: the next delivery, whose message may not leave yet.
    private Delivery _held;
    private bool _isHolding;
    private int _count;
    private long _bytes;
    private int _signals;

    public Fanout(IEngineDoor engine)
    {
        _engine = engine;
        engine.Released += OnReleased;
    }

    /// <summary>Under the gate: the engine pushes one message to one session after another.</summary>
    public void Push(IReceiver receiver, ReadOnlyMemory<byte> resp, long logOffset)
    {
        if (_count >= WaitingMax || Interlocked.Read(ref _bytes) >= WaitingBytesMax)
        {
            receiver.Overflow();
            return;
        }
        // The same bytes again: the same message, for the next who hears it.
        SharedMessage message = _last is { } last && last.Resp.Equals(resp) ? last : new SharedMessage(resp, logOffset);
        _last = message;
        if (message.Retain()) Interlocked.Add(ref _bytes, resp.Length);
        Interlocked.Increment(ref _count);
        _waiting.Enqueue(new Delivery(receiver, message));
        Signal();
    }

    public void Dispose() => _engine.Released -= OnReleased;

    void IThreadPoolWorkItem.Execute()
    {
        int seen = Volatile.Read(ref _signals);
        bool isDone = Deliver();
        // Who signals from here on finds the worker at work, and is seen in the difference.
        if (!isDone || Interlocked.Add(ref _signals, -seen) != 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>The log is stored further than it was: what it held back may leave.</summary>
    private void OnReleased()
    {
        if (Volatile.Read(ref _count) > 0) Signal();
    }

    /// <summary>The first of a run schedules the worker; the others are found by it.</summary>
    private void Signal()
    {
        if (Interlocked.Increment(ref _signals) == 1) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Gives what may leave to its receivers; false when the turn is over before the queue is.</summary>
    private bool Deliver()
    {
        for (int i = 0; i < TurnMax; i++)
        {
            // Looking at the first without taking it would leave it in the queue's array after it was taken.
            if (!_isHolding && !_waiting.TryDequeue(out _held))
            {
                ForgetLongLast();
                return true;
            }
            _isHolding = _held.Message.LogOffset > _engine.ReleasedOffset;
            if (_isHolding) return true;
            Delivery next = _held;
            _held = default;
            Interlocked.Decrement(ref _count);
            if (next.Message.Release()) Interlocked.Add(ref _bytes, -next.Message.Resp.Length);
            Deliver(in next);
        }
        return false;
    }

    /// <summary>What cannot be encoded, there being no memory for it, costs its receiver and nobody else.</summary>
    private static void Deliver(in Delivery next)
    {
        try
        {
            if (next.Message.TryRead()) next.Receiver.Receive(next.Message);
        }
#pragma warning disable CA1031 // Whatever it is, on a thread of the pool it would end the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            next.Receiver.Overflow();
        }
    }

    /// <summary>Who is pushed it meanwhile signals after that, and it is forgotten then.</summary>
    private void ForgetLongLast()
    {
        if (_last is { } last && last.Resp.Length > KeptBytesMax) _last = null;
    }

    private readonly record struct Delivery(IReceiver Receiver, SharedMessage Message);
}

/// <summary>A socket or stream that hears messages.</summary>
internal interface IReceiver
{
    /// <summary>From the worker: one message at a time, in order.</summary>
    void Receive(SharedMessage message);

    /// <summary>Under the gate, or from the worker: a message was lost, because the server is behind, or has no memory for it.</summary>
    void Overflow();
}
