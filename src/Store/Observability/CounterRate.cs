namespace Galley.Store.Observability;

/// <summary>How fast a counter rises, as a moving average over about a second of samples.</summary>
public struct CounterRate
{
    private const double MillisecondsPerSecond = 1000;

    /// <summary>How many samples the average remembers: redis-server keeps as many, a tenth of a second apart.</summary>
    private const int SamplesHeld = 16;

    private long _sampled;

    /// <summary>The average rise in a second.</summary>
    public double PerSecond { get; private set; }

    /// <summary>Looks at the counter again; the time since the last look must be more than zero.</summary>
    public void Sample(long counter, long elapsedMs)
    {
        double rate = (counter - _sampled) * MillisecondsPerSecond / elapsedMs;
        PerSecond += (rate - PerSecond) / SamplesHeld;
        _sampled = counter;
    }
}
