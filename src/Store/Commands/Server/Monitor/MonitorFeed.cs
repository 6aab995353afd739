using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>
/// The clients of MONITOR, and the line that each of them gets for each command that has run:
/// <code>
///   +1700000000.123456 [0 127.0.0.1:50312] "SET" "k" "v"
/// </code>
/// A line is composed once, whoever watches. Nobody watching, it costs the others a comparison.
/// </summary>
public sealed class MonitorFeed(ServerContext server)
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Commands of administrators may hold secrets, and are not shown; scripts show what they call.</summary>
    private const Flags Hidden = Flags.Admin | Flags.SkipMonitor;

    private readonly ServerContext _server = server;
    private readonly List<Session> _sessions = [];

    public int Count => _sessions.Count;

    /// <summary>From now on the session is shown commands.</summary>
    public void Add(Session session)
    {
        session.IsMonitor = true;
        _sessions.Add(session);
    }

    /// <summary>The session is gone, or RESET.</summary>
    public void Remove(Session session)
    {
        if (!session.IsMonitor) return;
        session.IsMonitor = false;
        _sessions.Remove(session);
    }

    /// <summary>Shows a command that has run.</summary>
    internal void Show(Session session, CommandInfo command, in Arguments args, RedactedArguments redacted)
    {
        if (!command.Has(Hidden) && session.Kind != SessionKind.Internal) Show(session, in args, redacted);
    }

    /// <summary>Shows a command that shows itself: one that calls others.</summary>
    internal void ShowAlways(Session session, in Arguments args) => Show(session, in args, default);

    private void Show(Session session, in Arguments args, RedactedArguments redacted)
    {
        var line = new OutputBuffer();
        Compose(line, session, in args, redacted);
        ReadOnlyMemory<byte> bytes = line.Drain().First;
        foreach (Session monitor in _sessions)
        {
            if (monitor.IsSilent) continue;
            monitor.Push(bytes, _server.Effects.TakeOffset());
            OutputGuard.Enforce(monitor, _server);
        }
    }

    private void Compose(OutputBuffer line, Session session, in Arguments args, RedactedArguments redacted)
    {
        long now = _server.Databases.Clock.ReadMicroseconds();
        string head = string.Create(CultureInfo.InvariantCulture,
            $"+{now / MicrosecondsPerSecond}.{now % MicrosecondsPerSecond:D6} [{session.DatabaseId} {AddressOf(session)}]");
        line.Append(Encoding.Latin1.GetBytes(head));
        for (int i = 0; i < args.Count; i++)
        {
            line.Append(" "u8);
            QuotedText.Append(line, redacted.Contains(i) ? RedactedArguments.Text : args[i]);
        }
        line.Append("\r\n"u8);
    }

    /// <summary>Of a client on a Unix socket, which has no address of its own, the socket's path.</summary>
    private string AddressOf(Session session) =>
        session.Connection is { IsUnixSocket: true } ? "unix:" + _server.Settings.UnixSocket : session.RemoteAddress;
}
