namespace Galley.Store.Keyspace;

/// <summary>
/// The time as commands see it: read once for a batch and frozen inside a command. Also keeps the two forms in which an
/// entry remembers its last use.
/// </summary>
public sealed class KeyspaceClock(TimeProvider provider)
{
    private const int LfuInitial = 5;
    private readonly TimeProvider _provider = provider;

    public long NowMs { get; private set; } = provider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The LFU policies count uses; the others remember when.</summary>
    public bool CountsUses { get; set; }

    /// <summary>The LRM policies remember when an entry was last changed, and not when it was read.</summary>
    public bool NotesChangesAlone { get; set; }

    /// <summary><c>lfu-log-factor</c>.</summary>
    public int LfuLogFactor { get; set; } = 10;

    /// <summary><c>lfu-decay-time</c>, in minutes.</summary>
    public int LfuDecayMinutes { get; set; } = 1;

    public void Update() => NowMs = _provider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The time at this instant in microseconds since 1970, whatever the batch began with.</summary>
    public long ReadMicroseconds() => (_provider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The 24 bits of a new entry.</summary>
    public uint FirstUse() => CountsUses ? (Minutes << 8) | LfuInitial : Seconds;

    /// <summary>The 24 bits of an entry that was just used, from what it had.</summary>
    public uint NextUse(uint use)
    {
        if (!CountsUses) return Seconds;
        uint counter = DecayedCounter(use);
        return (Minutes << 8) | Increment(counter);
    }

    /// <summary>The 24 bits of an entry that was last used so many seconds ago.</summary>
    public uint UseBefore(long idleSeconds) => (uint)(Seconds - idleSeconds) & 0xFFFFFF;

    /// <summary>The 24 bits of an entry whose use counter is this.</summary>
    public uint UseCounted(byte counter) => (Minutes << 8) | counter;

    public long IdleSeconds(uint use) => (Seconds - use) & 0xFFFFFF;

    /// <summary>The LFU counter, after the decay that its rest has earned.</summary>
    public uint DecayedCounter(uint use)
    {
        uint counter = use & 0xFF;
        if (LfuDecayMinutes == 0) return counter;
        uint elapsed = (Minutes - (use >> 8)) & 0xFFFF;
        uint periods = elapsed / (uint)LfuDecayMinutes;
        return periods >= counter ? 0 : counter - periods;
    }

    private uint Seconds => (uint)(NowMs / 1000) & 0xFFFFFF;

    private uint Minutes => (uint)(NowMs / 60_000) & 0xFFFF;

    /// <summary>Counts a use with a probability that falls with the counter, so that 8 bits hold a million uses.</summary>
    private uint Increment(uint counter)
    {
        if (counter == 255) return 255;
        double over = Math.Max(0, (int)counter - LfuInitial);
        return Random.Shared.NextDouble() < 1.0 / (over * LfuLogFactor + 1) ? counter + 1 : counter;
    }
}
