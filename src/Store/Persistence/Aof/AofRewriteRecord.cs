namespace Galley.Store.Persistence.Aof;

/// <summary>How the rewrites went, for INFO, and whether one is running.</summary>
internal sealed class AofRewriteRecord(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _startedAt;

    public bool IsRunning { get; private set; }

    public bool LastSucceeded { get; private set; } = true;

    public long LastSeconds { get; private set; } = -1;

    public long Count { get; private set; }

    public long ConsecutiveFailures { get; private set; }

    public long CurrentSeconds
    {
        get
        {
            lock (_lock) return IsRunning ? ElapsedSeconds : -1;
        }
    }

    private long ElapsedSeconds => (long)time.GetElapsedTime(_startedAt).TotalSeconds;

    public void Begin()
    {
        lock (_lock)
        {
            IsRunning = true;
            Count++;
            _startedAt = time.GetTimestamp();
        }
    }

    public void End(bool succeeded)
    {
        lock (_lock)
        {
            LastSucceeded = succeeded;
            LastSeconds = ElapsedSeconds;
            ConsecutiveFailures = succeeded ? 0 : ConsecutiveFailures + 1;
            // Last: who sees that none is running sees how it ended.
            IsRunning = false;
        }
    }
}
