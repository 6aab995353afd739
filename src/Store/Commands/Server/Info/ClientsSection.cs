namespace Galley.Store.Commands;

internal static class ClientsSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        writer.Field("connected_clients", server.Sessions.RespCount);
        writer.Field("cluster_connections", 0);
        writer.Field("maxclients", server.Settings.MaxClients);
        writer.Field("blocked_clients", server.Blocking.Count);
        writer.Field("tracking_clients", 0);
        writer.Field("clients_in_timeout_table", server.Blocking.Timeouts.Count);
    }
}
