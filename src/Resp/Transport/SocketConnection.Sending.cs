using System.Net.Sockets;
using Galley.Resp.Protocol;

namespace Galley.Resp.Transport;

/// <summary>
/// The sending side. The queue and three flags are guarded by one lock: turns put pieces in, the sender takes them out,
/// and whoever of the closing loop and the sender is later frees what is left.
/// </summary>
internal sealed partial class SocketConnection : IThreadPoolWorkItem, ITurnWork
{
    private readonly Lock _sending = new();
    private readonly SendQueue _queue = new();
    private readonly TaskCompletionSource _allSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isSending;
    private bool _hasLast;
    private bool _isDropped;
    private int _isFlushPosted;

    public override void RequestFlush()
    {
        if (Interlocked.Exchange(ref _isFlushPosted, 1) == 0) transport.Handler.Post(this);
    }

    /// <summary>The turn of a flush.</summary>
    void ITurnWork.RunInTurn()
    {
        Interlocked.Exchange(ref _isFlushPosted, 0);
        if (!IsClosing) Detach(isLast: false);
    }

    /// <summary>Starts the sender if there is something that it may send. Any thread.</summary>
    public void Kick()
    {
        lock (_sending)
        {
            if (_isSending || _isDropped || (_queue.Count == 0 && !_hasLast)) return;
            _isSending = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAsync();

    private void Detach(bool isLast)
    {
        lock (_sending)
        {
            if (!Output.IsEmpty) Output.DetachTo(_queue);
            _hasLast |= isLast;
        }
        Kick();
    }

    private Task AllSentAsync() => _allSent.Task;

    private async Task SendAsync()
    {
        try
        {
            while (TryTake(out ReadOnlyMemory<byte> bytes))
            {
                await _stream.WriteAsync(bytes).ConfigureAwait(false);
                transport.Handler.Traffic.CountSent(bytes.Length);
                lock (_sending)
                {
                    Output.Sent(bytes.Length);
                    _queue.Consume(bytes.Length);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            StopSender();
            Abort();
        }
    }

    /// <summary>The next bytes that may be sent. If there are none the sender has stopped.</summary>
    private bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        bool isHeld;
        lock (_sending)
        {
            if (!_isDropped && _queue.CountReleased(transport.Handler.ReleasedTicket, 1) > 0)
            {
                bytes = _queue.First;
                return true;
            }
            isHeld = !_isDropped && _queue.Count > 0;
            if (!isHeld) Stopped();
            else _isSending = false;
        }
        if (!isHeld) return false;
        transport.Hold(this);
        // The ticket may have been released between the look and the entry in the list.
        lock (_sending)
        {
            if (_isSending || _queue.CountReleased(transport.Handler.ReleasedTicket, 1) == 0) return false;
        }
        Kick();
        return false;
    }

    private void StopSender()
    {
        lock (_sending)
        {
            _isDropped = true;
            Stopped();
        }
    }

    /// <summary>Nothing is sent from here on; what is left is freed as soon as the sender does not use it.</summary>
    private void EndSending()
    {
        lock (_sending)
        {
            _isDropped = true;
            if (!_isSending) Stopped();
        }
    }

    private void Stopped()
    {
        _isSending = false;
        if (_isDropped) _queue.Drop();
        if (_isDropped || (_hasLast && _queue.Count == 0)) _allSent.TrySetResult();
    }
}
