using System.Diagnostics;

namespace Galley.Store.Observability;

/// <summary>
/// What has held the server up for as long as <c>latency-monitor-threshold</c> or longer, by the kind of event. Any
/// thread: the append-only file is written outside the gate.
/// </summary>
/// <param name="nowSeconds">The time since 1970.</param>
public sealed class LatencyMonitor(Func<long> nowSeconds)
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, LatencySeries> _events = new(StringComparer.Ordinal);
    private long _thresholdMs;

    /// <summary><c>latency-monitor-threshold</c>; 0: nothing is noted.</summary>
    public long ThresholdMs
    {
        get => Volatile.Read(ref _thresholdMs);
        set => Volatile.Write(ref _thresholdMs, value);
    }

    /// <summary>Each event with its samples, as they are now, in the order in which the events were first met.</summary>
    public IReadOnlyList<KeyValuePair<string, LatencySeries>> Events
    {
        get
        {
            lock (_lock) return [.. _events.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Copy()))];
        }
    }

    /// <summary>The samples of an event as they are now, or null where it has none.</summary>
    public LatencySeries? Find(string eventName)
    {
        lock (_lock) return _events.GetValueOrDefault(eventName)?.Copy();
    }

    /// <summary>Notes how long something took, if it took so long that it matters.</summary>
    /// <param name="elapsed">In ticks of <see cref="Stopwatch"/>.</param>
    public void Note(string eventName, long elapsed)
    {
        long thresholdMs = ThresholdMs;
        if (thresholdMs == 0) return;
        var latencyMs = (long)Stopwatch.GetElapsedTime(0, elapsed).TotalMilliseconds;
        if (latencyMs < thresholdMs) return;
        lock (_lock)
        {
            if (!_events.TryGetValue(eventName, out LatencySeries? series)) _events.Add(eventName, series = new LatencySeries());
            series.Add(nowSeconds(), latencyMs);
        }
    }

    /// <summary>Forgets an event; false where there was none.</summary>
    public bool Reset(string eventName)
    {
        lock (_lock) return _events.Remove(eventName);
    }
}

/// <summary>The events that Galley notes, under the names that redis-server gives them.</summary>
public static class LatencyEvents
{
    /// <summary>A command whose cost is bounded.</summary>
    public const string FastCommand = "fast-command";

    public const string Command = "command";

    /// <summary>A turn of looking for keys that have expired.</summary>
    public const string ExpireCycle = "expire-cycle";

    /// <summary>Making room for a command, or a turn of it in the cron.</summary>
    public const string EvictionCycle = "eviction-cycle";

    /// <summary>Taking one key away for it.</summary>
    public const string EvictionOfKey = "eviction-del";

    /// <summary>A turn of compaction.</summary>
    public const string CompactionCycle = "active-defrag-cycle";

    /// <summary>A write to the append-only file.</summary>
    public const string AofWrite = "aof-write";

    /// <summary>A flush of the append-only file under <c>appendfsync always</c>.</summary>
    public const string AofFsyncAlways = "aof-fsync-always";
}
