namespace Galley.Api.WebSockets;

/// <summary>The frames of a socket in the order of sending, linked by themselves: an idle socket has none of it.</summary>
internal sealed class FrameList
{
    private QueuedFrame? _first;
    private QueuedFrame? _last;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void Append(QueuedFrame frame)
    {
        frame.Previous = _last;
        if (_last is null) _first = frame;
        else _last.Next = frame;
        _last = frame;
        frame.Subscription?.Queued.Append(frame);
        Count++;
        Bytes += frame.Bytes;
    }

    public void Remove(QueuedFrame frame)
    {
        if (frame.Previous is null) _first = frame.Next;
        else frame.Previous.Next = frame.Next;
        if (frame.Next is null) _last = frame.Previous;
        else frame.Next.Previous = frame.Previous;
        frame.Subscription?.Queued.Remove(frame);
        frame.Previous = frame.Next = null;
        Count--;
        Bytes -= frame.Bytes;
    }

    public void Clear()
    {
        while (_first is { } first) Remove(first);
    }

    /// <summary>Takes frames from the beginning until they have so many bytes, as a chain of its own; null when there is none.</summary>
    public QueuedFrame? Take(int bytesMax)
    {
        QueuedFrame? chain = null, end = null;
        for (int bytes = 0; bytes < bytesMax && _first is { } first;)
        {
            Remove(first);
            Link(GapBefore(first));
            Link(first);
            bytes += first.Bytes;
        }
        return chain;

        void Link(QueuedFrame? frame)
        {
            if (frame is null) return;
            if (end is null) chain = frame;
            else end.Next = frame;
            end = frame;
        }
    }

    /// <summary>Before the first message after a hole its client is told how many are missing.</summary>
    private static QueuedFrame? GapBefore(QueuedFrame frame)
    {
        if (frame.Subscription is not { OnSlow: SlowRule.DropOldest, DroppedCount: > 0 } subscription) return null;
        long dropped = subscription.DroppedCount;
        subscription.DroppedCount = 0;
        return new QueuedFrame(ServerFrames.Gap(subscription.Id, dropped));
    }
}

/// <summary>The frames in the queue that belong to one subscription, oldest first.</summary>
internal sealed class OwnFrames
{
    private QueuedFrame? _last;

    public QueuedFrame? First { get; private set; }

    public void Append(QueuedFrame frame)
    {
        frame.OwnPrevious = _last;
        if (_last is null) First = frame;
        else _last.OwnNext = frame;
        _last = frame;
    }

    public void Remove(QueuedFrame frame)
    {
        if (frame.OwnPrevious is null) First = frame.OwnNext;
        else frame.OwnPrevious.OwnNext = frame.OwnNext;
        if (frame.OwnNext is null) _last = frame.OwnPrevious;
        else frame.OwnNext.OwnPrevious = frame.OwnPrevious;
        frame.OwnPrevious = frame.OwnNext = null;
    }
}
