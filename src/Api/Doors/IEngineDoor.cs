using System.Net;

namespace Galley.Api.Doors;

/// <summary>What the doors of HTTP ask of the engine. Tests put another one behind them.</summary>
public interface IEngineDoor
{
    /// <summary>Why the server cannot serve or store now, as an error reply would say it, or null.</summary>
    string? Failure { get; }

    /// <summary>A session for one client, or one that requests of many clients use in turn.</summary>
    /// <param name="push">Where published messages go.</param>
    IDoorSession Open(DoorKind kind, string remoteAddress, IPushTarget? push = null);
}

public enum DoorKind : byte { Http, WebSocket }

/// <summary>
/// Commands of one client at a time. They are already allowed: who opens a session has looked at the credentials.
/// </summary>
public interface IDoorSession : IDisposable
{
    long Id { get; }

    /// <summary>Tells, before its commands run, whose request the session serves: MONITOR, the slow log and CLIENT LIST show it.</summary>
    /// <param name="address">Null for a client without one, on a Unix socket.</param>
    void ServeFor(IPAddress? address, int port);

    /// <summary>
    /// Runs the commands of the batch in order, as MULTI and EXEC do if <paramref name="isAtomic"/>, and completes when
    /// the replies may leave. The batch must stay as it is until then.
    /// </summary>
    ValueTask<DoorReply> ExecuteAsync(CommandBatch batch, bool isAtomic);
}

/// <param name="Resp">
/// The replies in RESP2, one after another; of an atomic batch, the one of EXEC. Valid until the session runs again.
/// </param>
/// <param name="LogOffset">Where the log of effects ended when the commands had run.</param>
public readonly record struct DoorReply(ReadOnlyMemory<byte> Resp, long LogOffset);

/// <summary>Takes published messages.</summary>
public interface IPushTarget
{
    /// <summary>A message as RESP. Called under the gate: it may only put it in a queue.</summary>
    void Push(ReadOnlyMemory<byte> resp);

    /// <summary>CLIENT KILL has ended the session, whose door closes it. Called under the gate: it may only put that in a queue.</summary>
    /// <param name="afterReply">The session has ended itself: the reply to that leaves first.</param>
    void Kill(bool afterReply) { }
}
