using Galley.Resp.Transport;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>Once a second: clients that are idle longer than <c>timeout</c> go, and soft output limits and what they hold are looked at.</summary>
internal sealed class ClientTimeouts(ServerContext server)
{
    private const int IntervalMs = 1000;

    private readonly ServerContext _server = server;
    private long _nextMs;

    public void Tick()
    {
        long nowMs = _server.Databases.Clock.NowMs;
        if (nowMs < _nextMs) return;
        _nextMs = nowMs + IntervalMs;
        long timeoutMs = _server.Settings.Timeout * 1000L;
        foreach (Session session in _server.Sessions.All)
        {
            OutputGuard.Enforce(session, _server);
            _server.Memory.Clients.Note(session);
            if (session.Connection is not { IsClosing: false } connection) continue;
            NoteSent(session, connection, nowMs);
            bool mayIdle = timeoutMs == 0 || session.IsSubscribed || session.IsMonitor || session.IsBlocked;
            long idleMs = nowMs - Math.Max(session.LastActiveMs, session.LastSentMs);
            if (!mayIdle && idleMs > timeoutMs) connection.Abort();
        }
    }

    /// <summary>Who reads a large reply, slowly, is not idle.</summary>
    private static void NoteSent(Session session, Connection connection, long nowMs)
    {
        long sentBytes = connection.Output.SentBytes;
        if (sentBytes == session.SentBytesSeen) return;
        session.SentBytesSeen = sentBytes;
        session.LastSentMs = nowMs;
    }
}
