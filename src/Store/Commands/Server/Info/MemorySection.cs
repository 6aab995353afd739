namespace Galley.Store.Commands;

/// <summary>What the arena gave out is <c>used_memory</c>, to the byte.</summary>
internal static class MemorySection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        long used = server.Databases.Arena.UsedBytes;
        long resident = Environment.WorkingSet;
        long peak = Math.Max(server.Stats.PeakUsedBytes, used);
        long limit = server.Settings.MaxMemory;
        writer.Bytes("used_memory", used);
        writer.Bytes("used_memory_rss", resident);
        writer.Bytes("used_memory_peak", peak);
        writer.Percent("used_memory_peak_perc", used, peak);
        writer.Field("allocator_allocated", used);
        writer.Field("allocator_active", server.Databases.Arena.CommittedBytes);
        writer.Field("allocator_resident", server.Databases.Arena.CommittedBytes);
        writer.Bytes("total_system_memory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        writer.Bytes("maxmemory", limit);
        writer.Field("maxmemory_policy", server.Settings.Parameters.Find("maxmemory-policy")!.Text);
        writer.Ratio("mem_fragmentation_ratio", used > 0 ? (double)resident / used : 0);
        writer.Field("mem_fragmentation_bytes", resident - used);
        writer.Field("mem_not_counted_for_evict", 0);
        writer.Field("mem_replication_backlog", 0);
        writer.Field("mem_clients_slaves", 0);
        writer.Field("mem_clients_normal", PendingOfClients(server));
        writer.Field("mem_aof_buffer", server.Control.Persistence.BufferLength);
        writer.Field("mem_allocator", "galley");
        writer.Field("active_defrag_running", false);
        writer.Field("lazyfree_pending_objects", server.Databases.Graveyard.PendingCount);
        writer.Field("lazyfreed_objects", server.Stats.LazyFreedObjects);
    }

    private static long PendingOfClients(ServerContext server)
    {
        long total = 0;
        foreach (Session session in server.Sessions.All)
            if (session.Connection is { } connection) total += connection.Output.PendingBytes + connection.Reader.PendingBytes;
        return total;
    }
}
