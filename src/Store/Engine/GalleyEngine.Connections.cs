using System.Diagnostics;
using Galley.Resp.Protocol;
using Galley.Resp.Transport;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <content>The RESP transports' side: turns, and what their connections have sent.</content>
public sealed partial class GalleyEngine : IConnectionHandler
{
    /// <summary>Time of one connection in one turn.</summary>
    private static readonly long BatchTicksMax = Stopwatch.Frequency / 10_000;

    public long ReleasedTicket => _log.ReleasedOffset;

    public Traffic Traffic => Server.Stats.Traffic;

    public event Action? TicketReleased;

    void IConnectionHandler.EnterTurn(ITransportLoop? loop) => _gate.Enter(loop);

    void IConnectionHandler.LeaveTurn() => _gate.Leave();

    void IConnectionHandler.Post(ITurnWork work) => _gate.Post(work);

    bool IConnectionHandler.Opened(Connection connection)
    {
        Server.Stats.Connections++;
        if (RefusalOf(connection) is { } refusal)
        {
            Server.Stats.RejectedConnections++;
            new RespWriter(connection.Output).Error(refusal);
            return false;
        }
        long nowMs = Server.Databases.Clock.NowMs;
        var session = new Session(Server.Sessions.NextId(), SessionKind.Resp, connection.Output)
        {
            Connection = connection,
            RemoteAddress = connection.RemoteAddress,
            CreatedMs = nowMs,
            LastActiveMs = nowMs,
            IsAuthenticated = Server.Settings.RequirePass.Length == 0,
        };
        connection.State = session;
        connection.Reader.IsAuthenticated = session.IsAuthenticated;
        Server.Sessions.Add(session);
        return true;
    }

    bool IConnectionHandler.Run(Connection connection, int commandsMax)
    {
        var session = (Session)connection.State!;
        session.LastActiveMs = Server.Databases.Clock.NowMs;
        session.HasMetData = false;
        bool more = RunBatch(session, connection, commandsMax);
        if (session.HasMetData) HoldForLog(connection);
        OutputGuard.Enforce(session, Server);
        NoteMemory(session);
        return more;
    }

    void IConnectionHandler.Closed(Connection connection)
    {
        if (connection.State is Session session) Forget(session);
    }

    /// <summary>What was written and not yet detached leaves when the log is stored up to here.</summary>
    private void HoldForLog(Connection connection)
    {
        long offset = ReflectedOffset;
        if (offset > _log.ReleasedOffset) connection.Output.HoldAll(offset);
    }

    /// <summary>Whoever holds too much is cut off in a turn of its own: until then its transport may send what waits.</summary>
    private void NoteMemory(Session session)
    {
        Server.Memory.Clients.Note(session);
        if (Server.Memory.Clients.IsDue) _cron.Wake();
    }

    /// <summary>Runs up to a batch; true when whole commands may remain.</summary>
    private bool RunBatch(Session session, Connection connection, int commandsMax)
    {
        RespReader reader = connection.Reader;
        CommandWatch watch = _dispatcher.Watch;
        long startedAt = watch.Now;
        for (int i = 0; i < commandsMax; i++)
        {
            switch (reader.TryRead(out Arguments arguments))
            {
                case ReadStatus.Incomplete:
                    return false;
                case ReadStatus.ProtocolError:
                    session.Reply.Error("ERR Protocol error: " + reader.ProtocolError);
                    connection.CloseAfterReply = true;
                    return false;
            }
            _dispatcher.Dispatch(session, in arguments);
            if (connection.CloseAfterReply || connection.IsClosing || session.IsBlocked) return false;
            if (watch.Now - startedAt > BatchTicksMax) break;
        }
        return reader.PendingBytes > 0;
    }

    /// <summary>Why this client may not come in, or null.</summary>
    private string? RefusalOf(Connection connection)
    {
        if (Server.Sessions.RespCount >= Server.Settings.MaxClients) return "ERR max number of clients reached";
        bool open = Server.Settings.ProtectedMode && Server.Settings.RequirePass.Length == 0;
        return open && !connection.IsLocal ? Errors.ProtectedMode : null;
    }

    /// <summary>The client is gone: nobody sends it anything any more.</summary>
    private void Forget(Session session)
    {
        session.IsForgotten = true;
        Unblock(session);
        Server.PubSub.Drop(session);
        Server.Monitors.Remove(session);
        Server.Tracking.Forget(session);
        session.Transaction.Unwatch(Server.Watches, session);
        Server.Sessions.Remove(session);
        Server.Memory.Clients.Forget(session);
    }
}
