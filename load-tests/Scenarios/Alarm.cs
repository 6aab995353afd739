using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Galley.LoadTests;

/// <summary>
/// Waits for a moment to the microsecond without holding a core: what a generator spins, the servers beside it can't have. Thread.Sleep
/// knows milliseconds only, so this is clock_nanosleep of the clock that Stopwatch reads (CLOCK_MONOTONIC in nanoseconds).
/// </summary>
public static class Alarm
{
    private const int ClockMonotonic = 1;
    private const int Absolute = 1;
    private const int SetTimerSlack = 29;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>How much earlier the sleep ends, because to wake takes about so long; the rest is looked at the clock.</summary>
    private const long EarlyNanoseconds = 30_000;

    /// <summary>Threads sleep up to 50 us longer than they asked for, unless they say that they mind. Told for each thread that waits.</summary>
    public static void SetForThisThread() => _ = prctl(SetTimerSlack, 1, 0, 0, 0);

    /// <param name="due">As Stopwatch.GetTimestamp counts.</param>
    public static void Await(long due)
    {
        long sleepUntil = due - EarlyNanoseconds;
        if (Stopwatch.GetTimestamp() < sleepUntil)
        {
            var until = new Moment(sleepUntil / NanosecondsPerSecond, sleepUntil % NanosecondsPerSecond);
            _ = clock_nanosleep(ClockMonotonic, Absolute, in until, 0);
        }
        while (Stopwatch.GetTimestamp() < due) Thread.SpinWait(20);
    }

#pragma warning disable SYSLIB1054, IDE1006, CA5392 // Two calls of a program that is not shipped need no generated code.
    [DllImport("libc")]
    private static extern int clock_nanosleep(int clock, int flags, in Moment until, nint left);

    [DllImport("libc")]
    private static extern int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);
#pragma warning restore SYSLIB1054, IDE1006, CA5392

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Moment(long Seconds, long Nanoseconds);
}
