namespace Galley.Store.Engine;

/// <summary>
/// Sees to it that what a crowd of clients has left in the collected heap goes back to the system. The collector comes when
/// something is allocated, and serving RESP allocates nothing: sessions and buffers of ten thousand clients that have gone would
/// stay for as long as the server lives.
/// </summary>
internal sealed class CollectorMemory(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Allocated since the last whole collection: less of it is not worth one.</summary>
    private const long WorthwhileBytes = 16 * 1024 * 1024;

    /// <summary>Allocated in an interval by a server that neither lets clients come and go nor answers much by HTTP.</summary>
    private const long RestBytes = 512 * 1024;

    private long _lookedAt = time.GetTimestamp();
    private long _allocated;
    private long _allocatedAtCollection;
    private int _collections;

    /// <summary>Collects once nobody allocates any more. Not under the gate: everything stands still for a few milliseconds.</summary>
    public void Look()
    {
        if (time.GetElapsedTime(_lookedAt) < Interval) return;
        _lookedAt = time.GetTimestamp();
        long allocated = GC.GetTotalAllocatedBytes();
        bool rests = allocated - _allocated < RestBytes;
        _allocated = allocated;
        if (GC.CollectionCount(GC.MaxGeneration) != _collections) Note(allocated);
        if (!rests || allocated - _allocatedAtCollection < WorthwhileBytes) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Note(allocated);
    }

    private void Note(long allocated)
    {
        _collections = GC.CollectionCount(GC.MaxGeneration);
        _allocatedAtCollection = allocated;
    }
}
