using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>
/// Sees to it that what a crowd of clients has left in the collected heap goes back to the system. The collector comes when
/// something is allocated, and serving RESP allocates nothing: sessions and buffers of ten thousand clients that have gone would
/// stay for as long as the server lives. While they are connected a collection would find them all alive, and everybody would
/// stand still for nothing: 11 ms with ten thousand RESP clients, 215 ms with as many WebSockets.
/// </summary>
internal sealed class CollectorMemory(TimeProvider time, SessionTable sessions)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Allocated since the last whole collection, and held by nobody: less of it is not worth one.</summary>
    private const long WorthwhileBytes = 16 * 1024 * 1024;

    /// <summary>Allocated in an interval by a server that neither lets clients come and go nor answers much by HTTP.</summary>
    private const long RestBytes = 512 * 1024;

    /// <summary>What a RESP client holds of the collected heap: 1.2 to 1.5 KB, rounded up.</summary>
    internal const long RespClientBytes = 2 * 1024;

    /// <summary>What a client of the other doors holds, a WebSocket mostly: 15 KB, rounded up.</summary>
    internal const long OtherClientBytes = 16 * 1024;

    private long _lookedAt = time.GetTimestamp();
    private long _allocated;
    private long _allocatedAtCollection;
    private long _heldAtCollection;
    private int _collections;

    /// <summary>Collects once nobody allocates any more. Not under the gate: everything stands still for a few milliseconds.</summary>
    public void Look()
    {
        if (time.GetElapsedTime(_lookedAt) < Interval) return;
        _lookedAt = time.GetTimestamp();
        if (!IsWorthwhile(GC.GetTotalAllocatedBytes(), GC.CollectionCount(GC.MaxGeneration))) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Nobody allocates, and much of what was allocated since the last whole collection has lost its client.</summary>
    /// <param name="allocated">Bytes allocated since the process began.</param>
    /// <param name="collections">Whole collections since then.</param>
    internal bool IsWorthwhile(long allocated, int collections)
    {
        bool rests = allocated - _allocated < RestBytes;
        _allocated = allocated;
        long held = HeldBytes();
        if (collections != _collections)
        {
            _collections = collections;
            _allocatedAtCollection = allocated;
            _heldAtCollection = held;
        }
        // Of those who were there at the last collection and have gone since, it found everything alive.
        long lost = allocated - _allocatedAtCollection - (held - _heldAtCollection);
        return rests && lost >= WorthwhileBytes;
    }

    private long HeldBytes()
    {
        int resp = sessions.RespCount;
        return (resp * RespClientBytes) + ((sessions.Count - resp) * OtherClientBytes);
    }
}
