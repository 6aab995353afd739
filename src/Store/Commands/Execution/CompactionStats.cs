using System.Diagnostics;

namespace Galley.Store.Commands;

/// <summary>What INFO tells of the compaction of the arena, under the names that redis-server's defragmentation has.</summary>
public sealed class CompactionStats
{
    private long _startedAt;
    private long _totalTicks;

    /// <summary>Blocks that were moved.</summary>
    public long BlocksMoved { get; set; }

    /// <summary>Blocks that were looked at and lay well.</summary>
    public long BlocksLeft { get; set; }

    /// <summary>Keys of which something was moved.</summary>
    public long KeysMoved { get; set; }

    /// <summary>Keys of which nothing had to be.</summary>
    public long KeysLeft { get; set; }

    /// <summary>The share of the time that it means to take, while it is under way; else 0.</summary>
    public int RunningPercent { get; private set; }

    /// <summary>Since when it has been under way.</summary>
    public long CurrentMs => _startedAt == 0 ? 0 : (long)Stopwatch.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>For how long it was under way, ever.</summary>
    public long TotalMs => CurrentMs + (long)Stopwatch.GetElapsedTime(0, _totalTicks).TotalMilliseconds;

    public void Run(int percent)
    {
        RunningPercent = percent;
        if (_startedAt == 0) _startedAt = Stopwatch.GetTimestamp();
    }

    public void Rest()
    {
        if (_startedAt != 0) _totalTicks += Stopwatch.GetTimestamp() - _startedAt;
        (_startedAt, RunningPercent) = (0, 0);
    }

    /// <summary>Begins to count anew; what is under way stays so.</summary>
    public void Reset()
    {
        BlocksMoved = BlocksLeft = KeysMoved = KeysLeft = _totalTicks = 0;
        if (_startedAt != 0) _startedAt = Stopwatch.GetTimestamp();
    }
}
