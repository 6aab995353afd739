namespace Galley.Api.WebSockets;

/// <summary>Counts the frames of each second.</summary>
internal struct FrameRate
{
    private const int WindowMs = 1000;

    private long _beginMs;
    private int _count;

    /// <summary>One more frame; false when there were too many.</summary>
    public bool Admits(long nowMs, int limit)
    {
        if (nowMs - _beginMs >= WindowMs)
        {
            _beginMs = nowMs;
            _count = 0;
        }
        return ++_count <= limit;
    }
}
