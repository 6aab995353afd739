using Galley.Store.Configuration;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>What LATENCY DOCTOR advises for the events that it has found, in redis-server's words where its reason is the same.</summary>
internal static class LatencyAdvice
{
    private const long MicrosecondsPerMillisecond = 1000;

    public static IEnumerable<string> For(ServerContext server, HashSet<string> events)
    {
        if (events.Contains(LatencyEvents.Command)) foreach (string advice in OnSlowLog(server)) yield return advice;
        if (events.Contains(LatencyEvents.FastCommand)) yield return Scheduler;
        if (events.Contains(LatencyEvents.AofWrite) || events.Contains(LatencyEvents.AofFsyncAlways))
            yield return Disk;
        if (events.Contains(LatencyEvents.AofFsyncAlways)) yield return RelaxedFsync;
        if (events.Contains(LatencyEvents.Command) || events.Contains(LatencyEvents.ExpireCycle)) yield return LargeObjects;
    }

    private static IEnumerable<string> OnSlowLog(ServerContext server)
    {
        Settings settings = server.Settings;
        long thresholdUs = settings.LatencyMonitorThresholdMs * MicrosecondsPerMillisecond;
        if (settings.SlowlogSlowerThanUs < 0)
        {
            yield return "- There are latency issues with potentially slow commands you are using. Try to enable the Slow Log Redis "
                + $"feature using the command 'CONFIG SET slowlog-log-slower-than {thresholdUs}'. If the Slow log is disabled Redis is "
                + "not able to log slow commands execution for you.";
        }
        else if (settings.SlowlogSlowerThanUs / MicrosecondsPerMillisecond > settings.LatencyMonitorThresholdMs)
        {
            yield return "- Your current Slow Log configuration only logs events that are slower than your configured latency monitor "
                + $"threshold. Please use 'CONFIG SET slowlog-log-slower-than {thresholdUs}'.";
        }
        yield return SlowLog;
    }

    private const string SlowLog =
        "- Check your Slow Log to understand what are the commands you are running which are too slow to execute. Please check "
        + "https://redis.io/commands/slowlog for more information.";

    private const string Scheduler =
        "- Even commands whose cost is bounded were slow: the process does not get the processor when it needs it. Lower the load of "
        + "the machine, or give the server one of its own; on virtual hardware, look for a noisy neighbour. What the machine itself "
        + "costs is told by 'redis-cli --intrinsic-latency 100'.";

    private const string Disk =
        "- Writing the append-only file took long: the disk is slow, or others use it too. Put 'dir' on a local disk, at best an SSD, "
        + "and keep other disk intensive processes away from it.";

    private const string RelaxedFsync =
        "- Under 'appendfsync always' every write waits for the disk. If the last second of writes may be lost in a power cut, use "
        + "'CONFIG SET appendfsync everysec'.";

    private const string LargeObjects =
        "- Deleting, expiring or evicting (because of maxmemory policy) large objects is a blocking operation. If you have very large "
        + "objects that are often deleted, expired, or evicted, try to fragment those objects into multiple smaller objects.";
}
