namespace Galley.Store.Commands;

/// <summary>What Galley promises to keep small.</summary>
internal static class GalleySection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        GCMemoryInfo heap = GC.GetGCMemoryInfo();
        writer.Field("dotnet_version", Environment.Version.ToString());
        writer.Field("gc_pause_max_usec", server.CollectorPauses.MaxMicroseconds);
        writer.Field("gc_pause_total_usec", (long)GC.GetTotalPauseDuration().TotalMicroseconds);
        writer.Field("gc_collections", GC.CollectionCount(0));
        writer.Field("gc_heap_bytes", GC.GetTotalMemory(forceFullCollection: false));
        writer.Field("gc_allocated_bytes", GC.GetTotalAllocatedBytes());
        writer.Field("gc_committed_bytes", heap.TotalCommittedBytes);
        writer.Field("change_feed_entries", server.Feed.Entries);
        writer.Field("change_feed_dropped", server.Feed.Dropped);
        writer.Field("gate_own_work_max_usec", server.Stats.OwnWorkMaxMicroseconds);
    }
}
