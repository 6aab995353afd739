namespace Galley.Api.WebSockets;

/// <summary>A frame that waits; a message knows its subscription and channel.</summary>
internal sealed class QueuedFrame(byte[] bytes, Subscription? subscription, string? channel)
{
    public byte[] Bytes { get; } = bytes;

    public Subscription? Subscription { get; } = subscription;

    public string? Channel { get; } = channel;

    /// <summary>Its place among all frames.</summary>
    public LinkedListNode<QueuedFrame>? Place { get; set; }

    /// <summary>Its place among those of its subscription.</summary>
    public LinkedListNode<QueuedFrame>? OwnPlace { get; set; }
}

/// <summary>
/// What waits to be sent to one socket: one queue for replies and messages, bounded in bytes and frames. A reply that
/// finds it full waits, and with it the client that asked for it; a message gives way by the rule of its subscription.
/// <code>
///   _frames               reply - m1(s1) - m2(s2) - m3(s1) - reply     in the order of sending
///   subscription.Queued           m1 -------------- m3                the same frames of one subscription
/// </code>
/// Every operation is O(1) but for a conflated message, which looks for those of its channel before it.
/// </summary>
internal sealed class SendQueue(int bytesMax, int framesMax) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<QueuedFrame> _frames = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly int _bytesMax = bytesMax;
    private readonly int _framesMax = framesMax;
    private TaskCompletionSource? _room;
    private long _bytes;
    private bool _isEnded;

    /// <summary>Adds a frame that is no message, waiting for room. A frame larger than the queue goes when it is empty.</summary>
    public async ValueTask AddAsync(byte[] frame)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_isEnded) return;
                if (_frames.Count == 0 || HasRoom(frame.Length))
                {
                    Append(new QueuedFrame(frame, null, null));
                    return;
                }
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
            await room;
        }
    }

    /// <summary>Adds a message, or drops as its subscription says; false when the socket must be closed.</summary>
    public bool TryAdd(byte[] frame, Subscription subscription, string channel)
    {
        lock (_lock)
        {
            if (_isEnded || HasRoom(frame.Length)) return Append(new QueuedFrame(frame, subscription, channel));
            if (subscription.OnSlow == SlowRule.Close) return false;
            if (subscription.OnSlow == SlowRule.Conflate) DropOlder(subscription, channel);
            while (!HasRoom(frame.Length) && subscription.Queued.First is { } oldest) Drop(oldest);
            if (HasRoom(frame.Length)) return Append(new QueuedFrame(frame, subscription, channel));
            subscription.DroppedCount++;
            return true;
        }
    }

    /// <summary>The next frame to send; null when the queue was ended.</summary>
    public async ValueTask<byte[]?> TakeAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_frames.First is { } first) return Take(first);
                if (_isEnded) return null;
            }
            await _arrived.WaitAsync();
        }
    }

    /// <summary>Nothing more is added; what waits is dropped for a last frame, or sent if there is none.</summary>
    public void End(byte[]? last = null, bool dropsWaiting = false)
    {
        lock (_lock)
        {
            if (_isEnded) return;
            if (dropsWaiting)
            {
                _frames.Clear();
                _bytes = 0;
            }
            if (last is not null) Append(new QueuedFrame(last, null, null));
            _isEnded = true;
            Signal();
            _room?.TrySetResult();
        }
    }

    /// <summary>After the end, when nobody takes any more.</summary>
    public void Dispose() => _arrived.Dispose();

    private bool HasRoom(int length) => _frames.Count < _framesMax && _bytes + length <= _bytesMax;

    private bool Append(QueuedFrame frame)
    {
        if (_isEnded) return true;
        frame.OwnPlace = frame.Subscription?.Queued.AddLast(frame);
        frame.Place = _frames.AddLast(frame);
        _bytes += frame.Bytes.Length;
        Signal();
        return true;
    }

    /// <summary>One permit is enough: the taker looks until the queue is empty.</summary>
    private void Signal()
    {
        if (_arrived.CurrentCount == 0) _arrived.Release();
    }

    /// <summary>Drops what waits of a channel: its newest message makes them old.</summary>
    private void DropOlder(Subscription subscription, string channel)
    {
        LinkedListNode<QueuedFrame>? place = subscription.Queued.First;
        while (place is not null)
        {
            LinkedListNode<QueuedFrame>? next = place.Next;
            if (place.Value.Channel == channel) Drop(place);
            place = next;
        }
    }

    private void Drop(LinkedListNode<QueuedFrame> oldest)
    {
        oldest.Value.Subscription!.DroppedCount++;
        oldest.Value.Subscription.Queued.Remove(oldest);
        _frames.Remove(oldest.Value.Place!);
        _bytes -= oldest.Value.Bytes.Length;
    }

    private byte[] Take(LinkedListNode<QueuedFrame> first)
    {
        QueuedFrame frame = first.Value;
        // Before the first message after a hole its client is told how many are missing.
        if (frame.Subscription is { OnSlow: SlowRule.DropOldest, DroppedCount: > 0 } subscription)
        {
            long dropped = subscription.DroppedCount;
            subscription.DroppedCount = 0;
            return ServerFrames.Gap(subscription.Id, dropped);
        }
        _frames.RemoveFirst();
        if (frame.OwnPlace is { } place) frame.Subscription!.Queued.Remove(place);
        _bytes -= frame.Bytes.Length;
        _room?.TrySetResult();
        _room = null;
        return frame.Bytes;
    }
}
