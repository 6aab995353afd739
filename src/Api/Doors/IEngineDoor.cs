using System.Net;
using Galley.Store.Commands;

namespace Galley.Api.Doors;

/// <summary>What the doors of HTTP ask of the engine. Tests put another one behind them.</summary>
public interface IEngineDoor
{
    /// <summary>Why the server cannot serve or store now, as an error reply would say it, or null.</summary>
    string? Failure { get; }

    /// <summary>What reflects the log of effects up to here may leave.</summary>
    long ReleasedOffset => long.MaxValue;

    /// <summary>Raised, on any thread, when the offset above has grown.</summary>
    event Action? Released
    {
        add { }
        remove { }
    }

    /// <summary>The commands, under the names by which clients call them.</summary>
    CommandTable Commands => CommandTable.Shared;

    /// <summary>Begins a snapshot of the data for one reader; null, with an error reply, when it cannot.</summary>
    Task<(ISnapshotStream? Stream, string Error)> BeginBackupAsync(CancellationToken cancelled) =>
        Task.FromResult<(ISnapshotStream?, string)>((null, "ERR there is no data to back up"));

    /// <summary>A session for one client, or one that requests of many clients use in turn.</summary>
    /// <param name="push">Where published messages go.</param>
    IDoorSession Open(DoorKind kind, string remoteAddress, IPushTarget? push = null);
}

public enum DoorKind : byte
{
    Http,
    WebSocket,

    /// <summary>HTTP, with replies in RESP3: typed operations.</summary>
    Typed,
}

/// <summary>
/// Commands of one client at a time. They are already allowed: who opens a session has looked at the credentials.
/// </summary>
public interface IDoorSession : IDisposable
{
    long Id { get; }

    /// <summary>Whom it serves. Not while commands run.</summary>
    DoorClient Client { get; set; }

    /// <summary>Tells, before its commands run, whose request the session serves: MONITOR, the slow log and CLIENT LIST show it.</summary>
    /// <param name="address">Null for a client without one, on a Unix socket.</param>
    void ServeFor(IPAddress? address, int port);

    /// <summary>Forgets what its client has named for itself: the next one is another. Not while commands run.</summary>
    void Forget()
    {
    }

    /// <summary>
    /// Ends the wait of a command that blocks, as its timeout would; if none does, the next one will not wait. Any thread,
    /// while commands run, too.
    /// </summary>
    void Interrupt()
    {
    }

    /// <summary>
    /// Runs the commands of the batch in order, as MULTI and EXEC do if <paramref name="isAtomic"/>, and completes when
    /// the replies may leave. The batch must stay as it is until then.
    /// </summary>
    ValueTask<DoorReply> ExecuteAsync(CommandBatch batch, bool isAtomic);
}

/// <param name="Resp">
/// The replies in RESP2 (RESP3 at the typed door), one after another; of an atomic batch, the one of EXEC. Valid until the session runs again.
/// </param>
/// <param name="StateNumber">Tells the state of the data that the replies reflect from the one before the last write.</param>
public readonly record struct DoorReply(ReadOnlyMemory<byte> Resp, long StateNumber);

/// <summary>On whose behalf a session runs commands; the default may do anything, in database 0, as redis-server has it.</summary>
/// <param name="DatabaseId">The database, which must exist.</param>
/// <param name="IsReadOnly">Commands that read, and no others.</param>
/// <param name="IsLenient">Served as by Upstash where that takes more than redis-server.</param>
public readonly record struct DoorClient(int DatabaseId, bool IsReadOnly, bool IsLenient)
{
    /// <summary>Patterns of the channels that it may publish to; null: all.</summary>
    public IReadOnlyList<byte[]>? Channels { get; init; }
}

/// <summary>Takes published messages, and what MONITOR shows.</summary>
public interface IPushTarget
{
    /// <summary>A message as RESP. Called under the gate: it may only put it in a queue.</summary>
    /// <param name="logOffset">It may not leave before the log is released up to here.</param>
    void Push(ReadOnlyMemory<byte> resp, long logOffset);

    /// <summary>
    /// Bytes that wait to be sent, which <c>client-output-buffer-limit</c> bounds; none where the target bounds them itself.
    /// </summary>
    long PendingBytes => 0;

    /// <summary>CLIENT KILL, or that limit, has ended the session: its client is to be closed. Under the gate, too.</summary>
    /// <param name="afterReply">The session has ended itself, and the reply to that leaves first.</param>
    void Kill(bool afterReply);
}
