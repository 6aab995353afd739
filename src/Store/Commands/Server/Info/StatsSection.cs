using System.Diagnostics;

namespace Galley.Store.Commands;

internal static class StatsSection
{
    private const double BytesPerKilobyte = 1024;

    public static void Write(InfoWriter writer, ServerContext server)
    {
        ServerStats stats = server.Stats;
        WriteTraffic(writer, stats);
        writer.Field("rejected_connections", stats.RejectedConnections);
        writer.Field("sync_full", 0);
        writer.Field("sync_partial_ok", 0);
        writer.Field("sync_partial_err", 0);
        WriteKeys(writer, stats, server.Memory);
        writer.Field("pubsub_channels", server.PubSub.Channels.Count);
        writer.Field("pubsub_patterns", server.PubSub.Patterns.Count);
        writer.Field("pubsubshard_channels", server.PubSub.ShardChannels.Count);
        writer.Field("latest_fork_usec", 0);
        writer.Field("total_forks", 0);
        writer.Field("migrate_cached_sockets", 0);
        writer.Field("slave_expires_tracked_keys", 0);
        WriteDefragmentation(writer, stats.Compaction);
        writer.Field("tracking_total_keys", server.Tracking.KeyCount);
        writer.Field("tracking_total_items", server.Tracking.ItemCount);
        writer.Field("tracking_total_prefixes", server.Tracking.PrefixCount);
        writer.Field("unexpected_error_replies", 0);
        writer.Field("total_error_replies", stats.ErrorReplies);
        writer.Field("dump_payload_sanitizations", 0);
        writer.Field("total_reads_processed", stats.Traffic.Receptions);
        writer.Field("total_writes_processed", stats.Traffic.Sendings);
        writer.Field("io_threaded_reads_processed", 0);
        writer.Field("io_threaded_writes_processed", 0);
        WriteRefusals(writer, stats);
    }

    private static void WriteTraffic(InfoWriter writer, ServerStats stats)
    {
        writer.Field("total_connections_received", stats.Connections);
        writer.Field("total_commands_processed", stats.Commands);
        writer.Field("instantaneous_ops_per_sec", stats.OperationsPerSecond);
        writer.Field("total_net_input_bytes", stats.Traffic.ReceivedBytes);
        writer.Field("total_net_output_bytes", stats.Traffic.SentBytes);
        writer.Field("total_net_repl_input_bytes", 0);
        writer.Field("total_net_repl_output_bytes", 0);
        writer.Ratio("instantaneous_input_kbps", stats.ReceivedBytesPerSecond / BytesPerKilobyte);
        writer.Ratio("instantaneous_output_kbps", stats.SentBytesPerSecond / BytesPerKilobyte);
        writer.Ratio("instantaneous_input_repl_kbps", 0);
        writer.Ratio("instantaneous_output_repl_kbps", 0);
    }

    /// <summary>The wheel finds what is due and samples nothing, so that no share of what it met is stale.</summary>
    private static void WriteKeys(InfoWriter writer, ServerStats stats, MemoryGuard memory)
    {
        writer.Field("expired_subkeys", stats.ExpiredFields);
        writer.Field("expired_keys", stats.ExpiredKeys);
        writer.Ratio("expired_stale_perc", 0);
        writer.Field("expired_time_cap_reached_count", stats.ExpiryCutShort);
        writer.Field("expire_cycle_cpu_milliseconds", stats.ExpiryTicks * 1000 / Stopwatch.Frequency);
        writer.Field("evicted_keys", stats.EvictedKeys);
        writer.Field("evicted_clients", stats.EvictedClients);
        writer.Field("evicted_scripts", 0);
        writer.Field("total_eviction_exceeded_time", memory.ExceededTotalMs);
        writer.Field("current_eviction_exceeded_time", memory.ExceededMs);
        writer.Field("keyspace_hits", stats.KeyspaceHits);
        writer.Field("keyspace_misses", stats.KeyspaceMisses);
    }

    private static void WriteDefragmentation(InfoWriter writer, CompactionStats compaction)
    {
        writer.Field("active_defrag_hits", compaction.BlocksMoved);
        writer.Field("active_defrag_misses", compaction.BlocksLeft);
        writer.Field("active_defrag_key_hits", compaction.KeysMoved);
        writer.Field("active_defrag_key_misses", compaction.KeysLeft);
        writer.Field("total_active_defrag_time", compaction.TotalMs);
        writer.Field("current_active_defrag_time", compaction.CurrentMs);
    }

    private static void WriteRefusals(InfoWriter writer, ServerStats stats)
    {
        writer.Field("client_query_buffer_limit_disconnections", stats.Traffic.Overfull);
        writer.Field("client_output_buffer_limit_disconnections", stats.OutputLimitDisconnections);
        writer.Field("reply_buffer_shrinks", 0);
        writer.Field("reply_buffer_expands", 0);
        writer.Field("acl_access_denied_auth", stats.AuthenticationsDenied);
        writer.Field("acl_access_denied_cmd", 0);
        writer.Field("acl_access_denied_key", 0);
        writer.Field("acl_access_denied_channel", 0);
    }
}
