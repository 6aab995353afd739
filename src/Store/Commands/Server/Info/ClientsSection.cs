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
        writer.Field("blocked_clients", server.Blocking.Count);
        writer.Field("tracking_clients", server.Tracking.ClientCount);
        writer.Field("pubsub_clients", clients.SubscribedCount);
        writer.Field("watching_clients", clients.WatchingCount);
        writer.Field("clients_in_timeout_table", server.Blocking.Timeouts.Count);
        writer.Field("total_watched_keys", server.Watches.KeyCount);
        writer.Field("total_blocking_keys", server.Blocking.KeyCount);
        writer.Field("total_blocking_keys_on_nokey", server.Blocking.KeyCountOnGone);
        WritePause(writer, server.Pause, server.Databases.Clock.NowMs);
    }

    private static void WritePause(InfoWriter writer, ClientPause pause, long nowMs)
    {
        writer.Field("paused_reason", pause.IsActive ? "client_pause" : "none");
        writer.Field("paused_actions", pause.Mode switch { PauseMode.All => "all", PauseMode.Write => "write", _ => "none" });
        writer.Field("paused_timeout_milliseconds", pause.IsActive ? Math.Max(0, pause.UntilMs - nowMs) : 0);
    }
}
