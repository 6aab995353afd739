namespace Galley.Store.Commands;

/// <summary>What a session of HOTKEYS is to find out.</summary>
/// <param name="Cpu">The keys whose commands take most time.</param>
/// <param name="Net">The keys whose commands move most bytes.</param>
/// <param name="Count">How many keys are shown.</param>
/// <param name="DurationMs">When it ends by itself; 0: it does not.</param>
/// <param name="SampleRatio">Of so many commands the keys of one are counted; what is shown is not multiplied by it.</param>
public readonly record struct HotKeysTerms(bool Cpu, bool Net, int Count, long DurationMs, int SampleRatio);

/// <summary>
/// One session of HOTKEYS: time and bytes of all commands added up, and by key for those of the sample. A command's are
/// shared out evenly among its keys. Written and read under the gate.
/// </summary>
public sealed class HotKeysSession
{
    private readonly HotKeysProcess _before;
    private HotKeysProcess _spent;
    private long _endsAtMs;
    private long _wait;

    /// <param name="process">What the process has used up so far.</param>
    public HotKeysSession(HotKeysTerms terms, long nowMs, HotKeysProcess process)
    {
        Terms = terms;
        StartedMs = nowMs;
        _endsAtMs = terms.DurationMs == 0 ? long.MaxValue : nowMs + terms.DurationMs;
        _before = process;
        _wait = Random.Shared.NextInt64(terms.SampleRatio);
        ByTicks = terms.Cpu ? new TopKeys() : null;
        ByBytes = terms.Net ? new TopKeys() : null;
    }

    public HotKeysTerms Terms { get; }

    /// <summary>In milliseconds since 1970.</summary>
    public long StartedMs { get; }

    /// <summary>Commands are counted; under the gate it is <see cref="HasRunOut"/> that ends it in time.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>Time of all commands, in ticks of the stopwatch.</summary>
    public long Ticks { get; private set; }

    /// <summary>Bytes of the requests and replies of all commands.</summary>
    public long Bytes { get; private set; }

    public TopKeys? ByTicks { get; }

    public TopKeys? ByBytes { get; }

    /// <summary>Counts a command; true where its keys are to be counted too.</summary>
    public bool Samples(long ticks, long bytes)
    {
        Ticks += ticks;
        Bytes += bytes;
        if (Terms.SampleRatio == 1) return true;
        if (_wait-- > 0) return false;
        // A gap that is drawn each time: no rhythm of the clients meets always the same command.
        _wait = Random.Shared.NextInt64((2L * Terms.SampleRatio) - 1);
        return true;
    }

    /// <summary>Its time is over.</summary>
    public bool HasRunOut(long nowMs) => IsActive && nowMs >= _endsAtMs;

    /// <summary>Ends it; what it has found stays.</summary>
    public void Stop(long nowMs, HotKeysProcess process)
    {
        _spent = process - _before;
        _endsAtMs = Math.Min(_endsAtMs, nowMs);
        IsActive = false;
    }

    public long DurationMs(long nowMs) => Math.Max(0, (IsActive ? nowMs : _endsAtMs) - StartedMs);

    /// <summary>What the process has used up in the session's time.</summary>
    public HotKeysProcess Spent(HotKeysProcess process) => IsActive ? process - _before : _spent;
}

/// <summary>What the whole process has used up.</summary>
/// <param name="NetBytes">Received from clients of RESP and sent to them; CONFIG RESETSTAT begins it anew.</param>
public readonly record struct HotKeysProcess(TimeSpan User, TimeSpan System, long NetBytes)
{
    public static HotKeysProcess operator -(HotKeysProcess later, HotKeysProcess earlier) =>
        new(later.User - earlier.User, later.System - earlier.System, Math.Max(0, later.NetBytes - earlier.NetBytes));
}
