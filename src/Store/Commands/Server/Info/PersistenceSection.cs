namespace Galley.Store.Commands;

internal static class PersistenceSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        PersistenceFigures figures = server.Control.Persistence;
        writer.Field("loading", server.IsLoading);
        writer.Field("async_loading", false);
        writer.Field("rdb_changes_since_last_save", server.Stats.Dirty);
        writer.Field("rdb_bgsave_in_progress", false);
        writer.Field("rdb_last_save_time", server.StartedMs / 1000);
        writer.Field("rdb_last_bgsave_status", "ok");
        writer.Field("rdb_last_bgsave_time_sec", -1);
        writer.Field("rdb_current_bgsave_time_sec", -1);
        writer.Field("rdb_saves", 0);
        writer.Field("aof_enabled", figures.AofEnabled);
        writer.Field("aof_rewrite_in_progress", figures.RewriteInProgress);
        writer.Field("aof_rewrite_scheduled", figures.RewriteScheduled);
        writer.Field("aof_last_rewrite_time_sec", figures.LastRewriteSeconds);
        writer.Field("aof_current_rewrite_time_sec", figures.CurrentRewriteSeconds);
        writer.Field("aof_last_bgrewrite_status", figures.LastRewriteOk ? "ok" : "err");
        writer.Field("aof_last_write_status", figures.LastWriteOk ? "ok" : "err");
        if (!figures.AofEnabled) return;
        writer.Field("aof_current_size", figures.CurrentSize);
        writer.Field("aof_base_size", figures.BaseSize);
        writer.Field("aof_pending_rewrite", figures.RewriteScheduled);
        writer.Field("aof_buffer_length", figures.BufferLength);
        writer.Field("aof_pending_bio_fsync", figures.FsyncPending);
        writer.Field("aof_delayed_fsync", figures.FsyncDelayed);
    }
}
