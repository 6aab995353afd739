namespace Galley.Store.Persistence.Aof;

/// <summary>
/// Rewrites that begin by themselves and fail, as they do while the disk is full, become rarer: each leaves an increment
/// more. As in redis-server 7, from the third failure in a row on the next waits a minute, then two, four, and an hour at
/// the most. Who asks for one is not held.
/// </summary>
internal sealed class RewriteBrake
{
    private const int FailuresMin = 3;
    private const long PauseMsMin = 60_000;
    private const long PauseMsMax = 60 * PauseMsMin;

    private long _failures;
    private long _pauseMs;
    private long _untilMs;

    /// <summary>The next one has to wait.</summary>
    /// <param name="failures">Rewrites in a row that have failed.</param>
    public bool Holds(long failures, long nowMs)
    {
        if (failures < FailuresMin)
        {
            _failures = _pauseMs = 0;
            return false;
        }
        if (failures != _failures)
        {
            _failures = failures;
            _pauseMs = Math.Clamp(2 * _pauseMs, PauseMsMin, PauseMsMax);
            _untilMs = nowMs + _pauseMs;
        }
        return nowMs < _untilMs;
    }
}
