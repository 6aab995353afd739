using Galley.Api.PubSub;
using Galley.Store.Configuration;

namespace Galley.Api.WebSockets;

/// <summary>
/// What waits to be sent to one socket: one queue for replies and messages, bounded in bytes and frames. A reply that
/// finds it full waits, and with it the client that asked for it; a message gives way by the rule of its subscription.
/// Pings and pongs stand before all, one of each.
/// <code>
///   _first                reply - m1(s1) - m2(s2) - m3(s1) - reply     in the order of sending
///   subscription.Queued           m1 -------------- m3                the same frames of one subscription
/// </code>
/// Every operation is O(1) but for a conflated message, which looks for those of its channel before it. Who adds the
/// first frame wakes the sender; who is woken takes until nothing is left.
/// </summary>
internal sealed class SendQueue(Settings settings, Action wake)
{
    private readonly Lock _lock = new();
    private readonly Settings _settings = settings;
    private readonly Action _wake = wake;
    private readonly FrameList _frames = new();
    private byte[]? _pong;
    private bool _pings;
    private bool _isSending;
    private Ending? _ending;
    private bool _isCloseTaken;
    private bool _isOver;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _over;

    /// <summary>Bytes that may wait.</summary>
    public int BytesMax => _settings.WsSendQueueBytes;

    /// <summary>Completes when, after the end, everything is sent or given up.</summary>
    public Task WhenOverAsync()
    {
        lock (_lock)
        {
            if (_isOver) return Task.CompletedTask;
            _over ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _over.Task;
        }
    }

    /// <summary>Adds a frame that is no message, waiting for room. A frame larger than the queue goes when it is empty.</summary>
    public ValueTask AddAsync(byte[] payload) => AddAsync(new QueuedFrame(payload));

    /// <summary>The same for a frame in two parts.</summary>
    public async ValueTask AddAsync(QueuedFrame frame)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_ending is not null) return;
                if (_frames.Count == 0 || HasRoom(frame.Bytes))
                {
                    _frames.Append(frame);
                    break;
                }
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
            await room;
        }
        Wake();
    }

    /// <summary>Adds a frame that is no message, if there is room for it.</summary>
    public bool TryAdd(QueuedFrame frame)
    {
        lock (_lock)
        {
            if (_ending is not null) return true;
            if (_frames.Count > 0 && !HasRoom(frame.Bytes)) return false;
            _frames.Append(frame);
        }
        Wake();
        return true;
    }

    /// <summary>Adds a message, or drops as its subscription says; false when the socket must be closed.</summary>
    public bool TryAdd(SharedMessage message, Subscription subscription, long number)
    {
        // In no form is a payload shorter than it is: what can never have room is not encoded first.
        if (message.Payload.Length > _settings.WsSendQueueBytes) return TryDrop(message, subscription);
        var frame = new QueuedFrame(message, subscription, number);
        lock (_lock)
        {
            if (_ending is not null) return true;
            if (!HasRoom(frame.Bytes))
            {
                if (subscription.OnSlow == SlowRule.Close) return false;
                if (subscription.OnSlow == SlowRule.Conflate) DropOlder(subscription, message.Channel);
                while (!HasRoom(frame.Bytes) && subscription.Queued.First is { } oldest) Drop(oldest);
                if (!HasRoom(frame.Bytes))
                {
                    subscription.DroppedCount++;
                    return true;
                }
            }
            _frames.Append(frame);
        }
        Wake();
        return true;
    }

    /// <summary>Drops a message before it is a frame; false when the socket must be closed.</summary>
    private bool TryDrop(SharedMessage message, Subscription subscription)
    {
        lock (_lock)
        {
            if (_ending is not null) return true;
            if (subscription.OnSlow == SlowRule.Close) return false;
            if (subscription.OnSlow == SlowRule.Conflate) DropOlder(subscription, message.Channel);
            subscription.DroppedCount++;
            return true;
        }
    }

    /// <summary>Asks the peer whether it lives.</summary>
    public void Ping()
    {
        lock (_lock) _pings = _ending is null;
        Wake();
    }

    /// <summary>Answers a ping; of several that wait, the newest (RFC 6455, 5.5.3).</summary>
    public void Pong(byte[] payload)
    {
        lock (_lock) _pong = _ending is null ? payload : null;
        Wake();
    }

    /// <summary>
    /// Nothing more is added. What waits is sent, or dropped for a last frame; then the close. Only the first end counts.
    /// </summary>
    public bool TryEnd(Ending ending, byte[]? last = null, bool dropsWaiting = false)
    {
        lock (_lock)
        {
            if (_ending is not null) return false;
            if (dropsWaiting) _frames.Clear();
            if (last is not null) _frames.Append(new QueuedFrame(last));
            _ending = ending;
            LetAllGo();
        }
        Wake();
        return true;
    }

    /// <summary>The connection is broken: nothing can be sent any more.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _ending ??= new Ending(CloseCode.Normal, "");
            _frames.Clear();
            LetAllGo();
            _isCloseTaken = _isOver = true;
            _over?.TrySetResult();
        }
    }

    /// <summary>What is to be sent next, about <paramref name="bytesMax"/> of it; false when nothing waits: the sender may rest.</summary>
    public bool TryTake(int bytesMax, out SendBatch batch)
    {
        batch = default;
        lock (_lock)
        {
            batch.Ping = _pings;
            batch.Pong = _pong;
            _pings = false;
            _pong = null;
            batch.First = _frames.Take(bytesMax);
            if (_frames.Count == 0 && !_isCloseTaken && _ending is { } ending)
            {
                batch.Ending = ending;
                _isCloseTaken = true;
            }
            LetAllGo();
            _isSending = !batch.IsEmpty;
            return _isSending;
        }
    }

    /// <summary>The close was sent: nothing comes after it.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            _isOver = true;
            _over?.TrySetResult();
        }
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (_isSending || _isCloseTaken) return;
            _isSending = true;
        }
        _wake();
    }

    /// <summary>Who waits for room looks again.</summary>
    private void LetAllGo()
    {
        _room?.TrySetResult();
        _room = null;
    }

    private bool HasRoom(int bytes) =>
        _frames.Count < _settings.WsSendQueueFrames && _frames.Bytes + bytes <= _settings.WsSendQueueBytes;

    /// <summary>Drops what waits of a channel: its newest message makes them old.</summary>
    private void DropOlder(Subscription subscription, string channel)
    {
        QueuedFrame? frame = subscription.Queued.First;
        while (frame is not null)
        {
            QueuedFrame? next = frame.OwnNext;
            if (frame.Message!.Channel == channel) Drop(frame);
            frame = next;
        }
    }

    private void Drop(QueuedFrame frame)
    {
        frame.Subscription!.DroppedCount++;
        _frames.Remove(frame);
    }
}

/// <summary>What the sender takes at once.</summary>
internal struct SendBatch
{
    public bool Ping;
    public byte[]? Pong;

    /// <summary>The first of a chain of frames.</summary>
    public QueuedFrame? First;

    /// <summary>After all else.</summary>
    public Ending? Ending;

    public readonly bool IsEmpty => !Ping && Pong is null && First is null && Ending is null;
}

/// <summary>Why a socket ends, in a code for programs and a few words for people.</summary>
internal readonly record struct Ending(CloseCode Code, string Reason);
