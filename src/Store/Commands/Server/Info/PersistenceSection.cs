namespace Galley.Store.Commands;

/// <summary>Snapshots take turns and not a fork, so that nothing is copied on write.</summary>
internal static class PersistenceSection
{
    public static void Write(InfoWriter writer, ServerContext server)
    {
        writer.Field("loading", server.IsLoading);
        writer.Field("async_loading", false);
        writer.Field("current_cow_peak", 0);
        writer.Field("current_cow_size", 0);
        writer.Field("current_cow_size_age", 0);
        writer.Ratio("current_fork_perc", 0);
        SaveFigures saves = server.Saves.Figures;
        writer.Field("current_save_keys_processed", saves.KeysWritten);
        writer.Field("current_save_keys_total", saves.KeysTotal);
        WriteSnapshots(writer, in saves);
        WriteLog(writer, server.Control.Persistence);
        writer.Field("backup_in_progress", server.Backups.Figures.State is BackupState.Pending or BackupState.Snapshotting or BackupState.Incrementing);
        if (server.Loading is { } loading) WriteLoading(writer, loading, server.Databases.Clock.NowMs);
    }

    private static void WriteSnapshots(InfoWriter writer, in SaveFigures saves)
    {
        writer.Field("rdb_changes_since_last_save", saves.Changes);
        writer.Field("rdb_bgsave_in_progress", saves.InProgress);
        writer.Field("rdb_last_save_time", saves.LastSaveMs / 1000);
        writer.Field("rdb_last_bgsave_status", saves.LastOk ? "ok" : "err");
        writer.Field("rdb_last_bgsave_time_sec", saves.LastSeconds);
        writer.Field("rdb_current_bgsave_time_sec", saves.CurrentSeconds);
        writer.Field("rdb_saves", saves.Saves);
        writer.Field("rdb_last_cow_size", 0);
        writer.Field("rdb_last_load_keys_expired", saves.LoadedExpired);
        writer.Field("rdb_last_load_keys_loaded", saves.LoadedKeys);
    }

    private static void WriteLog(InfoWriter writer, in PersistenceFigures figures)
    {
        writer.Field("aof_enabled", figures.AofEnabled);
        writer.Field("aof_rewrite_in_progress", figures.RewriteInProgress);
        writer.Field("aof_rewrite_scheduled", figures.RewriteScheduled);
        writer.Field("aof_last_rewrite_time_sec", figures.LastRewriteSeconds);
        writer.Field("aof_current_rewrite_time_sec", figures.CurrentRewriteSeconds);
        writer.Field("aof_last_bgrewrite_status", figures.LastRewriteOk ? "ok" : "err");
        writer.Field("aof_rewrites", figures.Rewrites);
        writer.Field("aof_rewrites_consecutive_failures", figures.RewriteFailuresInARow);
        writer.Field("aof_last_write_status", figures.LastWriteOk ? "ok" : "err");
        writer.Field("aof_last_cow_size", 0);
        writer.Field("module_fork_in_progress", false);
        writer.Field("module_fork_last_cow_size", 0);
        if (figures.AofEnabled) WriteFile(writer, figures);
    }

    private static void WriteFile(InfoWriter writer, in PersistenceFigures figures)
    {
        writer.Field("aof_current_size", figures.CurrentSize);
        writer.Field("aof_base_size", figures.BaseSize);
        writer.Field("aof_pending_rewrite", figures.RewriteScheduled);
        writer.Field("aof_buffer_length", figures.BufferLength);
        writer.Field("aof_pending_bio_fsync", figures.FsyncPending);
        writer.Field("aof_delayed_fsync", figures.FsyncDelayed);
    }

    private static void WriteLoading(InfoWriter writer, LoadingProgress loading, long nowMs)
    {
        writer.Field("loading_start_time", loading.StartedMs / 1000);
        writer.Field("loading_total_bytes", loading.TotalBytes);
        writer.Field("loading_rdb_used_mem", 0);
        writer.Field("loading_loaded_bytes", loading.LoadedBytes);
        writer.Ratio("loading_loaded_perc", loading.Percent);
        writer.Field("loading_eta_seconds", loading.RemainingSeconds(nowMs));
    }
}
