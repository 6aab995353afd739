namespace Galley.Store.Persistence.Aof;

/// <summary>The figures of INFO persistence, each named after its line there.</summary>
public readonly record struct AofStatus
{
    /// <summary><c>aof_current_size</c>.</summary>
    public long CurrentSizeBytes { get; init; }

    /// <summary><c>aof_base_size</c>: the current size at the start or after the last rewrite.</summary>
    public long BaseSizeBytes { get; init; }

    /// <summary><c>aof_buffer_length</c>: accepted and not yet written.</summary>
    public long BufferedBytes { get; init; }

    /// <summary><c>aof_pending_bio_fsync</c>.</summary>
    public bool IsFlushPending { get; init; }

    /// <summary><c>aof_last_write_status</c>.</summary>
    public bool LastWriteSucceeded { get; init; }

    /// <summary><c>aof_rewrite_in_progress</c>.</summary>
    public bool RewriteInProgress { get; init; }

    /// <summary><c>aof_last_bgrewrite_status</c>.</summary>
    public bool LastRewriteSucceeded { get; init; }

    /// <summary><c>aof_last_rewrite_time_sec</c>; -1 if there was none.</summary>
    public long LastRewriteSeconds { get; init; }

    /// <summary><c>aof_current_rewrite_time_sec</c>; -1 if there is none.</summary>
    public long CurrentRewriteSeconds { get; init; }

    /// <summary><c>aof_rewrites</c>.</summary>
    public long Rewrites { get; init; }

    /// <summary><c>aof_rewrites_consecutive_failures</c>.</summary>
    public long ConsecutiveRewriteFailures { get; init; }
}
