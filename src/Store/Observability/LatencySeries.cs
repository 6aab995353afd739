namespace Galley.Store.Observability;

/// <summary>The latest spikes of one event, the worst of each second that had one.</summary>
public sealed class LatencySeries
{
    /// <summary>Seconds that are kept, as in redis-server.</summary>
    private const int SamplesMax = 160;

    private readonly List<LatencySample> _samples = [];

    /// <summary>The worst spike since LATENCY RESET, though its sample may be gone.</summary>
    public long MaxMs { get; private set; }

    /// <summary>The newest sample; there is always one.</summary>
    public LatencySample Latest => _samples[^1];

    /// <summary>The samples, the oldest first.</summary>
    public IReadOnlyList<LatencySample> Samples => _samples;

    internal LatencySeries Copy()
    {
        var copy = new LatencySeries { MaxMs = MaxMs };
        copy._samples.AddRange(_samples);
        return copy;
    }

    internal void Add(long timeSeconds, long latencyMs)
    {
        MaxMs = Math.Max(MaxMs, latencyMs);
        bool isSameSecond = _samples.Count > 0 && Latest.TimeSeconds == timeSeconds;
        if (isSameSecond)
        {
            _samples[^1] = new LatencySample(timeSeconds, Math.Max(Latest.LatencyMs, latencyMs));
            return;
        }
        if (_samples.Count == SamplesMax) _samples.RemoveAt(0);
        _samples.Add(new LatencySample(timeSeconds, latencyMs));
    }
}

/// <param name="TimeSeconds">When it was, since 1970.</param>
/// <param name="LatencyMs">How long the server was held up.</param>
public readonly record struct LatencySample(long TimeSeconds, long LatencyMs);
