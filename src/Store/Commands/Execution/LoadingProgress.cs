namespace Galley.Store.Commands;

/// <summary>How far the loading of the data has come. Written by the thread that loads, read by any.</summary>
public sealed class LoadingProgress
{
    private long _loadedBytes;
    private long _totalBytes;

    /// <summary>When it began, in milliseconds since 1970.</summary>
    public required long StartedMs { get; init; }

    /// <summary>Bytes of the files there are to load; 0 until they are known.</summary>
    public long TotalBytes => Volatile.Read(ref _totalBytes);

    public long LoadedBytes => Volatile.Read(ref _loadedBytes);

    public double Percent => TotalBytes > 0 ? 100.0 * LoadedBytes / TotalBytes : 0;

    public void Report(long loadedBytes, long totalBytes)
    {
        Volatile.Write(ref _totalBytes, totalBytes);
        Volatile.Write(ref _loadedBytes, loadedBytes);
    }

    /// <summary>Seconds that the rest will take at the pace so far; 1 while there is no pace to tell.</summary>
    public long RemainingSeconds(long nowMs)
    {
        long elapsedSeconds = (nowMs - StartedMs) / 1000;
        return elapsedSeconds == 0 ? 1 : (long)((double)elapsedSeconds * (TotalBytes - LoadedBytes) / (LoadedBytes + 1));
    }
}
