namespace Galley.Store.Commands;

internal static class ClientsSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        ClientFigures clients = ClientFigures.Of(server);
        writer.Field("connected_clients", server.Sessions.RespCount);
        writer.Field("cluster_connections", 0);
        writer.Field("maxclients", server.Settings.MaxClients);
        writer.Field("client_recent_max_input_buffer", clients.LargestInputBytes);
        writer.Field("client_recent_max_output_buffer", clients.LargestOutputBytes);
        writer.Field("blocked_clients", 0);
        writer.Field("tracking_clients", 0);
        writer.Field("pubsub_clients", clients.SubscribedCount);
        writer.Field("watching_clients", clients.WatchingCount);
        writer.Field("clients_in_timeout_table", 0);
        writer.Field("total_watched_keys", server.Watches.KeyCount);
        writer.Field("total_blocking_keys", 0);
        writer.Field("total_blocking_keys_on_nokey", 0);
    }
}
