namespace Galley.Resp.Transport;

/// <summary>What the transports of a server have carried since the start. Whoever receives or sends counts; any thread.</summary>
public sealed class Traffic
{
    private long _receivedBytes;
    private long _sentBytes;
    private long _receptions;
    private long _sendings;
    private long _overfull;

    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>How often something was received.</summary>
    public long Receptions => Volatile.Read(ref _receptions);

    /// <summary>How often something was sent.</summary>
    public long Sendings => Volatile.Read(ref _sendings);

    /// <summary>How many connections were closed because more waited to be run than <c>client-query-buffer-limit</c> allows.</summary>
    public long Overfull => Volatile.Read(ref _overfull);

    public void CountReceived(int bytes)
    {
        Interlocked.Add(ref _receivedBytes, bytes);
        Interlocked.Increment(ref _receptions);
    }

    public void CountSent(int bytes)
    {
        Interlocked.Add(ref _sentBytes, bytes);
        Interlocked.Increment(ref _sendings);
    }

    public void CountOverfull() => Interlocked.Increment(ref _overfull);

    /// <summary>Begins to count anew (CONFIG RESETSTAT).</summary>
    public void Reset()
    {
        Volatile.Write(ref _receivedBytes, 0);
        Volatile.Write(ref _sentBytes, 0);
        Volatile.Write(ref _receptions, 0);
        Volatile.Write(ref _sendings, 0);
        Volatile.Write(ref _overfull, 0);
    }
}
