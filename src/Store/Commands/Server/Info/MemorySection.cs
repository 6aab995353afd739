namespace Galley.Store.Commands;

/// <summary>What the arena gave out is <c>allocator_allocated</c>, to the byte. Unlike redis-server's, <c>used_memory</c> has the states of Lua.</summary>
internal static class MemorySection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        MemoryFigures memory = MemoryFigures.Of(server);
        writer.Bytes("used_memory", memory.UsedBytes);
        writer.Bytes("used_memory_rss", memory.ProcessBytes);
        writer.Bytes("used_memory_peak", memory.PeakBytes);
        writer.Percent("used_memory_peak_perc", memory.PeakPercent);
        writer.Field("used_memory_overhead", memory.OverheadBytes);
        writer.Field("used_memory_startup", MemoryFigures.StartupBytes);
        writer.Field("used_memory_dataset", memory.DatasetBytes);
        writer.Percent("used_memory_dataset_perc", memory.DatasetPercent);
        writer.Field("allocator_allocated", memory.ArenaBytes);
        writer.Field("allocator_active", memory.ActiveBytes);
        writer.Field("allocator_resident", memory.ResidentBytes);
        writer.Field("allocator_muzzy", 0);
        writer.Bytes("total_system_memory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        WriteScripts(writer, memory.Scripting);
        writer.Bytes("maxmemory", server.Settings.MaxMemory);
        writer.Field("maxmemory_policy", server.Settings.Parameters.Find("maxmemory-policy")!.Text);
        WriteFragmentation(writer, memory);
        writer.Field("mem_not_counted_for_evict", memory.LogBufferBytes);
        writer.Field("mem_replication_backlog", 0);
        writer.Field("mem_total_replication_buffers", 0);
        writer.Field("mem_clients_slaves", 0);
        writer.Field("mem_clients_normal", memory.ClientBytes);
        writer.Field("mem_cluster_links", 0);
        writer.Field("mem_aof_buffer", memory.LogBufferBytes);
        writer.Field("mem_allocator", "galley");
        writer.Field("mem_overhead_db_hashtable_rehashing", 0);
        writer.Field("active_defrag_running", server.Stats.Compaction.RunningPercent);
        writer.Field("lazyfree_pending_objects", server.Databases.Graveyard.PendingCount);
        writer.Field("lazyfreed_objects", server.Stats.LazyFreedObjects);
    }

    private static void WriteScripts(InfoWriter writer, ScriptingFigures scripting)
    {
        writer.Field("used_memory_lua", scripting.EvalStateBytes);
        writer.Field("used_memory_vm_eval", scripting.EvalStateBytes);
        writer.Human("used_memory_lua", scripting.EvalStateBytes);
        writer.Field("used_memory_scripts_eval", scripting.ScriptBytes);
        writer.Field("number_of_cached_scripts", scripting.Scripts);
        writer.Field("number_of_functions", scripting.Functions);
        writer.Field("number_of_libraries", scripting.Libraries);
        writer.Field("used_memory_vm_functions", scripting.FunctionStateBytes);
        writer.Bytes("used_memory_vm_total", scripting.EvalStateBytes + scripting.FunctionStateBytes);
        writer.Field("used_memory_functions", scripting.FunctionBytes);
        writer.Bytes("used_memory_scripts", scripting.ScriptBytes + scripting.FunctionBytes);
    }

    private static void WriteFragmentation(InfoWriter writer, in MemoryFigures memory)
    {
        writer.Ratio("allocator_frag_ratio", memory.AllocatorRatio);
        writer.Field("allocator_frag_bytes", memory.ActiveBytes - memory.ArenaBytes);
        writer.Ratio("allocator_rss_ratio", memory.AllocatorResidentRatio);
        writer.Field("allocator_rss_bytes", memory.ResidentBytes - memory.ActiveBytes);
        writer.Ratio("rss_overhead_ratio", memory.ProcessRatio);
        writer.Field("rss_overhead_bytes", memory.ProcessBytes - memory.ResidentBytes);
        writer.Ratio("mem_fragmentation_ratio", memory.FragmentationRatio);
        writer.Field("mem_fragmentation_bytes", memory.ProcessBytes - memory.UsedBytes);
    }
}
