using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Engine;

namespace Galley.Api.Doors;

/// <summary>The engine behind the doors of HTTP.</summary>
internal sealed class EngineDoor(GalleyEngine engine) : IEngineDoor
{
    private readonly GalleyEngine _engine = engine;

    public string? Failure => _engine.Server.IsLoading
        ? System.Text.Encoding.UTF8.GetString(Errors.Loading)
        : _engine.WriteFailure is { } failure ? "MISCONF " + failure : null;

    public long ReleasedOffset => _engine.ReleasedTicket;

    public event Action? Released
    {
        add => _engine.TicketReleased += value;
        remove => _engine.TicketReleased -= value;
    }

    public IDoorSession Open(DoorKind kind, string remoteAddress, IPushTarget? push = null) =>
        new EngineSession(_engine, kind == DoorKind.WebSocket ? SessionKind.WebSocket : SessionKind.Http, remoteAddress, push)
        {
            RespVersion = kind == DoorKind.Typed ? RespVersion.Resp3 : RespVersion.Resp2,
        };
}
