using Galley.Store.Persistence.Aof;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

public class RewriteBrakeTests
{
    private const long Minute = 60_000;

    [Fact]
    public void From_the_third_failure_on_the_next_attempt_waits_twice_as_long_each_time()
    {
        var brake = new RewriteBrake();
        Assert.False(brake.Holds(0, 0));
        Assert.False(brake.Holds(2, 0));
        long nowMs = 5;
        long failures = 3;
        foreach (long minutes in (long[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            Assert.True(brake.Holds(failures, nowMs));
            Assert.True(brake.Holds(failures, nowMs + (minutes * Minute) - 1));
            nowMs += minutes * Minute;
            Assert.False(brake.Holds(failures, nowMs));
            failures++;
        }
        Assert.False(brake.Holds(0, nowMs));
        Assert.True(brake.Holds(3, nowMs));
        Assert.False(brake.Holds(3, nowMs + Minute));
    }
}
