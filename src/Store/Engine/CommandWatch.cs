using System.Diagnostics;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Observability;

namespace Galley.Store.Engine;

/// <summary>
/// Sees each command when it has run: counts it, and tells the slow log, the latency monitor and the clients of MONITOR.
/// <para>
/// The clock is read once a command: where one ends the next begins. So a command's time has in it what it took to read
/// it and to look it up, some ten nanoseconds, and none that nobody accounts for. What takes the gate for other work
/// than commands calls <see cref="Begin"/> before the next one.
/// </para>
/// </summary>
internal sealed class CommandWatch
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long MillisecondsPerSecond = 1000;

    private readonly ServerContext _server;

    /// <summary>From here on a command is slow for the slow log, or for the latency monitor.</summary>
    private long _noteworthyTicks;

    public CommandWatch(ServerContext server)
    {
        _server = server;
        Parameters parameters = server.Settings.Parameters;
        parameters.OnChange("slowlog-log-slower-than", Follow);
        parameters.OnChange("latency-monitor-threshold", Follow);
        foreach (string bound in (string[])["slowlog-max-len", "slowlog-entry-max-argc", "slowlog-entry-max-string-len"])
            parameters.OnChange(bound, BoundSlowLog);
        Follow();
        BoundSlowLog();
    }

    /// <summary>When the last command ended, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Now { get; private set; }

    /// <summary>Commands are about to run.</summary>
    public void Begin() => Now = Stopwatch.GetTimestamp();

    /// <summary>A command has run.</summary>
    /// <param name="startedAt">What <see cref="Now"/> was when it began.</param>
    public void HasRun(
        Session session, CommandInfo command, in Arguments args, RedactedArguments redacted, long startedAt, bool hasFailed)
    {
        _server.Stats.Commands++;
        Count(session, command, in args, redacted, startedAt, hasFailed);
        if (_server.Monitors.Count > 0) _server.Monitors.Show(session, command, in args, redacted);
    }

    /// <summary>A command keeps its client waiting: it is seen now, and counted when it has been served.</summary>
    public void HasBlocked(Session session, CommandInfo command, in Arguments args)
    {
        Begin();
        _server.Stats.Commands++;
        if (_server.Monitors.Count > 0) _server.Monitors.Show(session, command, in args, default);
    }

    /// <summary>A command that has kept its client waiting was served, or has given up. Its waiting is not its own time.</summary>
    public void HasEnded(BlockedCommand blocked, long startedAt, bool hasFailed)
    {
        Arguments args = blocked.Arguments;
        Count(blocked.Session, blocked.Command, in args, default, startedAt, hasFailed);
    }

    private void Count(
        Session session, CommandInfo command, in Arguments args, RedactedArguments redacted, long startedAt, bool hasFailed)
    {
        long now = Stopwatch.GetTimestamp();
        Now = now;
        long elapsed = now - startedAt;
        _server.CommandStats.Record(command.Index, elapsed, hasFailed, _server.Settings.LatencyTracking);
        if (elapsed >= _noteworthyTicks) Note(session, command, in args, redacted, elapsed);
    }

    private void Note(Session session, CommandInfo command, in Arguments args, RedactedArguments redacted, long elapsed)
    {
        // The log that is being read at the start is no client who waits.
        if (session.Kind == SessionKind.Internal) return;
        _server.Latency.Note(command.Has(Flags.Fast) ? LatencyEvents.FastCommand : LatencyEvents.Command, elapsed);
        var microseconds = (long)Stopwatch.GetElapsedTime(0, elapsed).TotalMicroseconds;
        long slowerThan = _server.Settings.SlowlogSlowerThanUs;
        if (slowerThan < 0 || microseconds < slowerThan || command.Has(Flags.SkipSlowlog)) return;
        _server.SlowLog.Add(_server.Databases.Clock.NowMs / MillisecondsPerSecond, microseconds, in args, redacted,
            session.RemoteAddress, session.Name);
    }

    private string? Follow()
    {
        Settings settings = _server.Settings;
        _server.Latency.ThresholdMs = settings.LatencyMonitorThresholdMs;
        _noteworthyTicks = Math.Min(
            settings.SlowlogSlowerThanUs < 0 ? long.MaxValue : Ticks(settings.SlowlogSlowerThanUs, MicrosecondsPerSecond),
            settings.LatencyMonitorThresholdMs == 0 ? long.MaxValue : Ticks(settings.LatencyMonitorThresholdMs, MillisecondsPerSecond));
        return null;
    }

    /// <summary>A shorter log takes effect at once, and not with the next slow command.</summary>
    private string? BoundSlowLog()
    {
        _server.SlowLog.Bounds = new SlowLogBounds(
            _server.Settings.SlowlogEntriesMax, _server.Settings.SlowlogEntryArgumentsMax, _server.Settings.SlowlogEntryStringBytesMax);
        return null;
    }

    /// <summary>A time in ticks; what is longer than the clock can tell is never reached.</summary>
    private static long Ticks(long time, long perSecond) =>
        (long)Math.Min(long.MaxValue / 2, (double)time / perSecond * Stopwatch.Frequency);
}
