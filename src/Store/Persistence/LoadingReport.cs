using System.Globalization;
using Galley.Store.Commands;

namespace Galley.Store.Persistence;

/// <summary>Tells INFO how far loading has come, and the log once a second.</summary>
internal sealed class LoadingReport(LoadingProgress progress, TimeProvider time, Action<string> log)
{
    private const int IntervalMs = 1000;

    private long _saidMs = progress.StartedMs;

    public void Hear(long loadedBytes, long totalBytes)
    {
        progress.Report(loadedBytes, totalBytes);
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (nowMs - _saidMs < IntervalMs) return;
        _saidMs = nowMs;
        log(string.Create(CultureInfo.InvariantCulture,
            $"Loading: {progress.Percent:F1} % of {totalBytes} bytes, about {progress.RemainingSeconds(nowMs)} s left"));
    }
}
