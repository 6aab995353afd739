using System.Diagnostics;

namespace Galley.Store.Observability;

/// <summary>
/// What each command has done since the start, or since CONFIG RESETSTAT: INFO commandstats and latencystats, and
/// LATENCY HISTOGRAM, read it. Commands are known by their index in the command table. Written under the gate;
/// recording a call makes no object but the histogram of a command's first.
/// </summary>
public sealed class CommandStats(int commands)
{
    private const long NanosecondsPerMicrosecond = 1000;

    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Counters[] _counters = new Counters[commands];

    /// <summary>What a command has done.</summary>
    public CommandFigures this[int index]
    {
        get
        {
            ref Counters counters = ref _counters[index];
            return new CommandFigures(
                counters.Calls, counters.Nanoseconds / NanosecondsPerMicrosecond, counters.Rejected, counters.Failed);
        }
    }

    /// <summary>How long its calls took, or null where none was recorded while <c>latency-tracking</c> was on.</summary>
    public LatencyHistogram? LatenciesOf(int index) => _counters[index].Latencies;

    /// <summary>A call has run.</summary>
    /// <param name="ticks">How long it took, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="hasFailed">It replied with an error.</param>
    /// <param name="tracksLatency">The call goes into the histogram too.</param>
    public void Record(int index, long ticks, bool hasFailed, bool tracksLatency)
    {
        ref Counters counters = ref _counters[index];
        long nanoseconds = Stopwatch.Frequency == 1_000_000_000 ? ticks : (long)(ticks * NanosecondsPerTick);
        counters.Calls++;
        counters.Nanoseconds += nanoseconds;
        if (hasFailed) counters.Failed++;
        if (tracksLatency) (counters.Latencies ??= new LatencyHistogram()).Record(nanoseconds);
    }

    /// <summary>A call was refused before it ran: wrong arity, no permission, no memory.</summary>
    public void Reject(int index) => _counters[index].Rejected++;

    public void Reset() => _counters.AsSpan().Clear();

    private struct Counters
    {
        public long Calls;
        public long Nanoseconds;
        public long Rejected;
        public long Failed;
        public LatencyHistogram? Latencies;
    }
}

/// <param name="Calls">Calls that ran.</param>
/// <param name="Microseconds">The time that they took together.</param>
/// <param name="Rejected">Calls refused before they ran.</param>
/// <param name="Failed">Calls that ran and replied with an error.</param>
public readonly record struct CommandFigures(long Calls, long Microseconds, long Rejected, long Failed)
{
    /// <summary>INFO commandstats has no line for a command that nobody has called.</summary>
    public bool IsEmpty => Calls == 0 && Rejected == 0 && Failed == 0;

    public double MicrosecondsPerCall => Calls == 0 ? 0 : (double)Microseconds / Calls;
}
