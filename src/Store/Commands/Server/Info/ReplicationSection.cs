namespace Galley.Store.Commands;

internal static class ReplicationSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        writer.Field("role", "master");
        writer.Field("connected_slaves", 0);
        writer.Field("master_failover_state", "no-failover");
        writer.Field("master_replid", server.ReplicationId);
        writer.Field("master_replid2", new string('0', server.ReplicationId.Length));
        writer.Field("master_repl_offset", 0);
        writer.Field("second_repl_offset", -1);
        writer.Field("repl_backlog_active", false);
        writer.Field("repl_backlog_size", server.Settings.ReplBacklogBytes);
        writer.Field("repl_backlog_first_byte_offset", 0);
        writer.Field("repl_backlog_histlen", 0);
    }
}
