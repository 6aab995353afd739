using System.Numerics;

namespace Galley.Store.Observability;

/// <summary>
/// How long calls took, as counts of durations: exact to the nanosecond below 256 of them, and to one part in 128 above.
/// Durations over a second count as a second. These are the buckets of redis-server's histogram (HdrHistogram with two
/// significant digits), so that percentiles come out in its very numbers.
/// <code>
///   nanoseconds    0 .. 255   256 .. 511   512 .. 1023   1024 .. 2047   ...   2^29 .. 2^30
///   width          1          2            4             8                    2^22
///   buckets        256        128          128           128                  128
/// </code>
/// </summary>
public sealed class LatencyHistogram
{
    private const int ExactBits = 8;
    private const int BucketsPerOctave = 1 << (ExactBits - 1);
    private const long NanosecondsMin = 1;
    private const long NanosecondsMax = 1_000_000_000;
    private const double NanosecondsPerMicrosecond = 1000;

    /// <summary>The first bound that LATENCY HISTOGRAM shows; the others are its doubles.</summary>
    private const long FirstBoundNanoseconds = 1024;

    private readonly long[] _counts = new long[BucketOf(NanosecondsMax) + 1];

    /// <summary>Calls recorded.</summary>
    public long Count { get; private set; }

    public void Record(long nanoseconds)
    {
        _counts[BucketOf(Math.Clamp(nanoseconds, NanosecondsMin, NanosecondsMax))]++;
        Count++;
    }

    /// <summary>The duration, in microseconds, that so many percent of the calls did not exceed; 0 without calls.</summary>
    /// <param name="percent">From 0 to 100.</param>
    public double PercentileMicroseconds(double percent)
    {
        if (Count == 0) return 0;
        long wanted = Math.Max(1, (long)(Math.Clamp(percent, 0, 100) / 100 * Count + 0.5));
        long seen = 0;
        int bucket = 0;
        while ((seen += _counts[bucket]) < wanted) bucket++;
        return LastOf(bucket) / NanosecondsPerMicrosecond;
    }

    /// <summary>
    /// The distribution as LATENCY HISTOGRAM shows it: calls that took no longer than a bound in microseconds, for the
    /// bounds, each the double of the one before, at which that number rises.
    /// </summary>
    public IEnumerable<(long BoundMicroseconds, long Calls)> Cumulative()
    {
        long seen = 0;
        int bucket = 0;
        for (long bound = FirstBoundNanoseconds; seen < Count; bound *= 2)
        {
            long before = seen;
            int last = Math.Min(BucketOf(bound), _counts.Length - 1);
            while (bucket <= last) seen += _counts[bucket++];
            if (seen > before) yield return (LastOf(BucketOf(bound)) / (long)NanosecondsPerMicrosecond, seen);
        }
    }

    private static int BucketOf(long nanoseconds)
    {
        int octave = BitOperations.Log2((ulong)nanoseconds | ((1 << ExactBits) - 1)) - (ExactBits - 1);
        return octave * BucketsPerOctave + (int)(nanoseconds >> octave);
    }

    /// <summary>The longest duration that falls into a bucket, in nanoseconds.</summary>
    private static long LastOf(int bucket)
    {
        int octave = Math.Max(0, bucket / BucketsPerOctave - 1);
        long first = (long)(bucket - octave * BucketsPerOctave) << octave;
        return first + (1L << octave) - 1;
    }
}
