namespace Galley.Store.Persistence.Aof;

/// <summary>
/// Knows for whom a flush should wait under <c>always</c>. Those whom the last one released write again soon; those who came
/// while it was on its way wait already. Where all of them share the next flush there are half as many: else 50 clients fall into
/// two crowds that wait for each other's. Where fewer come than were expected, nobody is waited for at the next flush, then
/// at the next two, four ...
/// </summary>
internal sealed class FlushCrowd
{
    /// <summary>Of the bytes of those who are expected, the part that must be there: no two commands are as long.</summary>
    private const double ExpectedShare = 0.9;

    /// <summary>Flushes for which nobody is waited for, at most.</summary>
    private const int PassedMax = 256;

    private int _passed;
    private int _passedLeft;

    /// <summary>Where the log will end when all have come who are expected to write again.</summary>
    public long ExpectedEnd { get; private set; }

    /// <summary>A flush has ended: it made the log durable from one offset to another, while others went on to the last.</summary>
    public void Flushed(long from, long durable, long accepted) =>
        ExpectedEnd = durable + (long)(ExpectedShare * (durable - from + (accepted - durable)));

    /// <summary>The next flush is about to begin, where the log ends here: there are others to be waited for. Asked once a flush.</summary>
    public bool IsWorthWaiting(long accepted)
    {
        if (accepted >= ExpectedEnd) return false;
        if (_passedLeft == 0) return true;
        _passedLeft--;
        ExpectedEnd = 0;
        return false;
    }

    /// <summary>They were waited for, and the log has come so far.</summary>
    public void Waited(long accepted)
    {
        bool haveCome = accepted >= ExpectedEnd;
        _passed = haveCome ? _passed / 2 : Math.Clamp(2 * _passed, 1, PassedMax);
        _passedLeft = _passed;
        ExpectedEnd = 0;
    }
}
