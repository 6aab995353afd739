namespace Galley.Store.Commands;

internal static class StatsSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        ServerStats stats = server.Stats;
        writer.Field("total_connections_received", stats.Connections);
        writer.Field("total_commands_processed", stats.Commands);
        writer.Field("instantaneous_ops_per_sec", stats.OperationsPerSecond);
        writer.Field("rejected_connections", stats.RejectedConnections);
        writer.Field("sync_full", 0);
        writer.Field("sync_partial_ok", 0);
        writer.Field("sync_partial_err", 0);
        writer.Field("expired_subkeys", stats.ExpiredFields);
        writer.Field("expired_keys", stats.ExpiredKeys);
        writer.Field("evicted_keys", stats.EvictedKeys);
        writer.Field("keyspace_hits", stats.KeyspaceHits);
        writer.Field("keyspace_misses", stats.KeyspaceMisses);
        writer.Field("pubsub_channels", server.PubSub.ChannelCount);
        writer.Field("pubsub_patterns", server.PubSub.PatternCount);
        writer.Field("pubsubshard_channels", 0);
        writer.Field("latest_fork_usec", 0);
        writer.Field("total_forks", 0);
        writer.Field("total_error_replies", stats.ErrorReplies);
        writer.Field("client_query_buffer_limit_disconnections", stats.QueryLimitDisconnections);
        writer.Field("client_output_buffer_limit_disconnections", stats.OutputLimitDisconnections);
    }
}
