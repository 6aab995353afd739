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
        : _engine.BusyWith is not LongWork.None and var work ? System.Text.Encoding.UTF8.GetString(Errors.BusyWith(work))
        : _engine.WriteFailure is { } failure ? "MISCONF " + failure : null;

    public long ReleasedOffset => _engine.ReleasedTicket;

    public event Action? Released
    {
        add => _engine.TicketReleased += value;
        remove => _engine.TicketReleased -= value;
    }

    public CommandTable Commands => _engine.Server.Commands;

    public Task<(ISnapshotStream? Stream, string Error)> BeginBackupAsync(CancellationToken cancelled) =>
        // Who has taken SAVE away by rename-command has taken this away, too.
        _engine.Server.Commands.TryFind("SAVE"u8, out _)
            ? _engine.BeginStreamAsync(cancelled)
            : Task.FromResult<(ISnapshotStream?, string)>((null, "NOPERM SAVE was renamed or taken away, and backups with it"));

    public IDoorSession Open(DoorKind kind, string remoteAddress, IPushTarget? push = null) =>
        new EngineSession(_engine, kind == DoorKind.WebSocket ? SessionKind.WebSocket : SessionKind.Http, remoteAddress, push)
        {
            // A request is answered: whoever would wait has the events and sockets, whose ends are heard of.
            DeniesBlocking = kind != DoorKind.WebSocket,
            RespVersion = kind == DoorKind.Typed ? RespVersion.Resp3 : RespVersion.Resp2,
        };
}
