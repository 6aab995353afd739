using System.Diagnostics;
using Galley.Store.Observability;

namespace Galley.Store.Tests.Observability;

public sealed class ThreadUsageTests
{
    [Fact]
    public void A_thread_that_works_uses_time_and_no_more_than_passes()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux tells of threads.");
        (TimeSpan System, TimeSpan User) before = default, after = default;
        var clock = Stopwatch.StartNew();
        var thread = new Thread(() =>
        {
            before = ThreadUsage.OfThisThread();
            // Other threads may have the processor: what counts is this one's own time.
            for (int i = 0; i < 10_000 && (after = ThreadUsage.OfThisThread()).User <= before.User; i++) Thread.SpinWait(100_000);
        });
        thread.Start();
        thread.Join();
        Assert.InRange(after.User - before.User, TimeSpan.FromMilliseconds(10), clock.Elapsed + TimeSpan.FromMilliseconds(20));
        Assert.InRange(after.System, TimeSpan.Zero, clock.Elapsed + TimeSpan.FromMilliseconds(20));
    }
}
