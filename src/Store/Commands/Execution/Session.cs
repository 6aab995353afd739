using Galley.Resp.Protocol;
using Galley.Resp.Transport;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

public enum SessionKind : byte
{
    Resp,
    Http,
    WebSocket,

    /// <summary>Galley itself: loading, expiry.</summary>
    Internal,
}

/// <summary>What one client has said of itself and has under way, whatever door it came through.</summary>
public sealed class Session : IWatcher
{
    private readonly ISessionOutput? _push;

    /// <param name="id">Unique for the life of the process.</param>
    /// <param name="output">Where replies go.</param>
    /// <param name="push">Where published messages go when the door takes them apart from replies.</param>
    public Session(long id, SessionKind kind, OutputBuffer output, ISessionOutput? push = null)
    {
        Id = id;
        Kind = kind;
        Reply = new RespWriter(output);
        _push = push;
    }

    public long Id { get; }

    public SessionKind Kind { get; }

    /// <summary>The connection behind a RESP session.</summary>
    public Connection? Connection { get; init; }

    public RespWriter Reply { get; }

    /// <summary>The peer, as CLIENT LIST shows it.</summary>
    public string RemoteAddress { get; init; } = "";

    /// <summary>The database that SELECT chose.</summary>
    public int DatabaseId { get; set; }

    public bool IsAuthenticated { get; set; }

    public string UserName { get; set; } = "default";

    public byte[] Name { get; set; } = [];

    public byte[] LibraryName { get; set; } = [];

    public byte[] LibraryVersion { get; set; } = [];

    public long CreatedMs { get; init; }

    public long LastActiveMs { get; set; }

    /// <summary>The last command it ran, in lower case, for CLIENT LIST.</summary>
    public string LastCommand { get; set; } = "NULL";

    /// <summary>When its output first passed the soft limit, or 0.</summary>
    public long OverSoftLimitSinceMs { get; set; }

    /// <summary>CLIENT REPLY OFF and SKIP: replies are dropped.</summary>
    public ReplyMode ReplyMode { get; set; }

    /// <summary>CLIENT NO-EVICT: spared when clients hold too much memory.</summary>
    public bool IsSparedFromEviction { get; set; }

    /// <summary>CLIENT NO-TOUCH: what it reads and writes does not count as used.</summary>
    public bool LeavesKeysUntouched { get; set; }

    public Transaction Transaction { get; } = new();

    /// <summary>What it listens to; made with the first subscription.</summary>
    public Subscriptions? Subscriptions { get; set; }

    /// <summary>What HIMPORT PREPARE has named; made with the first.</summary>
    public Hashes.FieldSets? FieldSets { get; set; }

    public bool IsSubscribed => Subscriptions is { Count: > 0 };

    void IWatcher.Touched() => Transaction.IsStale = true;

    /// <summary>Hands a push message to the client; the bytes are RESP in its version and never change.</summary>
    /// <param name="logOffset">The message may not leave before the log is released up to here.</param>
    public void Push(ReadOnlyMemory<byte> message, long logOffset)
    {
        if (_push is not null)
        {
            _push.Push(message);
            return;
        }
        if (Connection is not { IsClosing: false } connection) return;
        connection.Output.HoldTicket = Math.Max(connection.Output.HoldTicket, logOffset);
        connection.Output.AppendShared(message);
        connection.RequestFlush();
    }
}

/// <summary>A door that takes published messages apart from replies.</summary>
public interface ISessionOutput
{
    /// <summary>Under the gate: it must only enqueue.</summary>
    void Push(ReadOnlyMemory<byte> respPush);
}

public enum ReplyMode : byte
{
    On,
    Off,

    /// <summary>The next command is not answered.</summary>
    SkipNext,
}
