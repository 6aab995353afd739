namespace Galley.Store.Persistence.Aof;

/// <summary>A wish that the log goes on in another increment from an offset, and what became of it.</summary>
internal sealed class AofRotation(long offset)
{
    private readonly object _monitor = new();
    private bool _isDone;

    public long Offset { get; } = offset;

    /// <summary>The sequence of the increment that begins at the offset.</summary>
    public long Sequence { get; private set; }

    public string? Failure { get; private set; }

    public bool IsDone
    {
        get
        {
            lock (_monitor) return _isDone;
        }
    }

    public void Finish(long sequence)
    {
        Sequence = sequence;
        End();
    }

    public void Fail(string reason)
    {
        Failure = reason;
        End();
    }

    /// <summary>Waits until it has come to an end, good or bad.</summary>
    public void Wait()
    {
        lock (_monitor)
        {
            while (!_isDone) Monitor.Wait(_monitor);
        }
    }

    private void End()
    {
        lock (_monitor)
        {
            _isDone = true;
            Monitor.PulseAll(_monitor);
        }
    }
}
