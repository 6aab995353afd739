using System.Collections.Concurrent;
using Galley.Api.Doors;

namespace Galley.Api.WebSockets;

/// <summary>
/// Takes published messages from the engine under its gate, where nothing but this enqueue may happen, and hands them on
/// from a pool thread, one at a time and in order.
/// </summary>
internal sealed class Inbox(Action<ReadOnlyMemory<byte>> deliver, Action overflow) : IPushTarget, IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<ReadOnlyMemory<byte>> _waiting = new();
    private readonly Action<ReadOnlyMemory<byte>> _deliver = deliver;
    private readonly Action _overflow = overflow;
    private long _bytes;
    private int _count;

    public void Push(ReadOnlyMemory<byte> resp)
    {
        if (Interlocked.Read(ref _bytes) > SocketLimits.InboxBytesMax)
        {
            _overflow();
            return;
        }
        Interlocked.Add(ref _bytes, resp.Length);
        _waiting.Enqueue(resp);
        // The first of a run schedules the delivery; the others are found by it.
        if (Interlocked.Increment(ref _count) == 1) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            _waiting.TryDequeue(out ReadOnlyMemory<byte> resp);
            Interlocked.Add(ref _bytes, -resp.Length);
            _deliver(resp);
        }
        while (Interlocked.Decrement(ref _count) > 0);
    }
}
