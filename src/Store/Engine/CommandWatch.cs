using System.Diagnostics;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Observability;

namespace Galley.Store.Engine;

/// <summary>
/// Sees each command when it has run: counts it, and tells the logs of slow and large ones, the latency monitor and the clients of MONITOR.
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

    /// <summary>A request, or a reply, of more bytes is one for its log.</summary>
    private long _requestBytesMax, _replyBytesMax;

    public CommandWatch(ServerContext server)
    {
        _server = server;
        Parameters parameters = server.Settings.Parameters;
        parameters.OnChange("slowlog-log-slower-than", Follow);
        parameters.OnChange("latency-monitor-threshold", Follow);
        parameters.OnChange("commandlog-request-larger-than", Follow);
        parameters.OnChange("commandlog-reply-larger-than", Follow);
        foreach (string bound in (string[])["slowlog-max-len", "commandlog-large-request-max-len", "commandlog-large-reply-max-len",
            "slowlog-entry-max-argc", "slowlog-entry-max-string-len"]) parameters.OnChange(bound, BoundLogs);
        Follow();
        BoundLogs();
    }

    /// <summary>When the last command ended, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Now { get; private set; }

    /// <summary>Commands are about to run.</summary>
    public void Begin() => Now = Stopwatch.GetTimestamp();

    /// <summary>A command has run.</summary>
    /// <param name="start">What was when it began.</param>
    public void HasRun(
        Session session, CommandInfo command, in Arguments args, RedactedArguments redacted, CommandStart start, bool hasFailed)
    {
        CountCall(session);
        Count(session, command, in args, redacted, start, hasFailed);
        if (_server.Monitors.Count > 0) _server.Monitors.Show(session, command, in args, redacted);
    }

    /// <summary>A command keeps its client waiting: it is seen now, and counted when it has been served.</summary>
    public void HasBlocked(Session session, CommandInfo command, in Arguments args)
    {
        Begin();
        CountCall(session);
        if (_server.Monitors.Count > 0) _server.Monitors.Show(session, command, in args, default);
    }

    /// <summary>A command that has kept its client waiting was served, or has given up. Its waiting is not its own time.</summary>
    public void HasEnded(BlockedCommand blocked, CommandStart start, bool hasFailed)
    {
        Arguments args = blocked.Arguments;
        Count(blocked.Session, blocked.Command, in args, default, start, hasFailed);
    }

    private void CountCall(Session session)
    {
        _server.Stats.Commands++;
        session.CommandsCalled++;
    }

    private void Count(
        Session session, CommandInfo command, in Arguments args, RedactedArguments redacted, CommandStart start, bool hasFailed)
    {
        long now = Stopwatch.GetTimestamp();
        Now = now;
        long elapsed = now - start.Ticks;
        _server.CommandStats.Record(command.Index, elapsed, hasFailed, _server.Settings.LatencyTracking);
        if (elapsed >= _noteworthyTicks) NoteSlow(session, command, in args, redacted, elapsed);
        long replyBytes = session.Reply.Output.Written - start.OutputBytes;
        if (args.WireBytesMax > _requestBytesMax || replyBytes > _replyBytesMax)
            NoteLarge(session, command, in args, redacted, replyBytes);
        if (_server.HotKeys.IsActive) _server.HotKeys.HasRun(command, in args, elapsed, replyBytes);
    }

    private void NoteLarge(Session session, CommandInfo command, in Arguments args, RedactedArguments redacted, long replyBytes)
    {
        long requestBytes = args.WireBytes;
        if (requestBytes > _requestBytesMax) Note(CommandLogKind.LargeRequest, session, command, in args, redacted, requestBytes);
        if (replyBytes > _replyBytesMax) Note(CommandLogKind.LargeReply, session, command, in args, redacted, replyBytes);
    }

    private void NoteSlow(Session session, CommandInfo command, in Arguments args, RedactedArguments redacted, long elapsed)
    {
        // The log that is being read at the start is no client who waits.
        if (session.Kind == SessionKind.Internal) return;
        _server.Latency.Note(command.Has(Flags.Fast) ? LatencyEvents.FastCommand : LatencyEvents.Command, elapsed);
        var microseconds = (long)Stopwatch.GetElapsedTime(0, elapsed).TotalMicroseconds;
        long slowerThan = _server.Settings.SlowlogSlowerThanUs;
        if (slowerThan >= 0 && microseconds >= slowerThan) Note(CommandLogKind.Slow, session, command, in args, redacted, microseconds);
    }

    private void Note(
        CommandLogKind kind, Session session, CommandInfo command, in Arguments args, RedactedArguments redacted, long amount)
    {
        if (session.Kind == SessionKind.Internal || command.Has(Flags.SkipSlowlog)) return;
        Session client = session.Caller ?? session;
        _server.CommandLogOf(kind).Add(_server.Databases.Clock.NowMs / MillisecondsPerSecond, amount, in args, redacted,
            client.RemoteAddress, client.Name);
    }

    private string? Follow()
    {
        Settings settings = _server.Settings;
        _server.Latency.ThresholdMs = settings.LatencyMonitorThresholdMs;
        _noteworthyTicks = Math.Min(
            settings.SlowlogSlowerThanUs < 0 ? long.MaxValue : Ticks(settings.SlowlogSlowerThanUs, MicrosecondsPerSecond),
            settings.LatencyMonitorThresholdMs == 0 ? long.MaxValue : Ticks(settings.LatencyMonitorThresholdMs, MillisecondsPerSecond));
        _requestBytesMax = settings.LargeRequestBytesMin < 0 ? long.MaxValue : settings.LargeRequestBytesMin;
        _replyBytesMax = settings.LargeReplyBytesMin < 0 ? long.MaxValue : settings.LargeReplyBytesMin;
        return null;
    }

    /// <summary>A shorter log takes effect at once, and not with the next command that it notes.</summary>
    private string? BoundLogs()
    {
        Settings settings = _server.Settings;
        Bound(CommandLogKind.Slow, settings.SlowlogEntriesMax);
        Bound(CommandLogKind.LargeRequest, settings.LargeRequestEntriesMax);
        Bound(CommandLogKind.LargeReply, settings.LargeReplyEntriesMax);
        return null;

        void Bound(CommandLogKind kind, long entriesMax) => _server.CommandLogOf(kind).Bounds =
            new CommandLogBounds(entriesMax, settings.SlowlogEntryArgumentsMax, settings.SlowlogEntryStringBytesMax);
    }

    /// <summary>A time in ticks; what is longer than the clock can tell is never reached.</summary>
    private static long Ticks(long time, long perSecond) =>
        (long)Math.Min(long.MaxValue / 2, (double)time / perSecond * Stopwatch.Frequency);
}

/// <summary>What was when a command began.</summary>
/// <param name="Ticks">What the clock of commands said.</param>
/// <param name="OutputBytes">What the client's output had had written to it.</param>
internal readonly record struct CommandStart(long Ticks, long OutputBytes);
