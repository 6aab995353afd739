using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <content>Loading: commands from the append-only file, on a gate that nobody else can take yet.</content>
public sealed partial class GalleyEngine
{
    internal void BeginReplay()
    {
        _gate.Enter();
        Server.IsLoading = true;
    }

    internal void Replay(Session session, in Arguments command, bool endsTurn)
    {
        _dispatcher.Dispatch(session, in command);
        if (endsTurn) Server.Databases.Arena.EndTurn();
    }

    internal void EndReplay()
    {
        Server.IsLoading = false;
        Server.Stats.Reset();
        Server.CommandStats.Reset();
        _gate.Leave();
    }
}
