using System.Net;
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

    /// <summary>What is pushed while replies are silenced.</summary>
    private OutputBuffer? _spared;

    private IPAddress? _served;
    private int _servedPort;

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

    /// <summary>The peer, as CLIENT LIST shows it: of a session that serves one client after another, the one it served last.</summary>
    public string RemoteAddress
    {
        get => _served is null ? field : new IPEndPoint(_served, _servedPort).ToString();
        init;
    } = "";

    /// <summary>The database that SELECT chose.</summary>
    public int DatabaseId { get; set; }

    public bool IsAuthenticated { get; set; }

    public string UserName { get; set; } = "default";

    /// <summary>It may read and no more: neither SCAN nor what is dangerous.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Patterns of the channels that it may publish to, from scripts, too; null: all.</summary>
    public IReadOnlyList<byte[]>? Channels { get; set; }

    /// <summary>Where it is served more leniently than by redis-server.</summary>
    public Lenience Lenience { get; set; }

    public byte[] Name { get; set; } = [];

    public byte[] LibraryName { get; set; } = [];

    public byte[] LibraryVersion { get; set; } = [];

    /// <summary>It has said that it follows a replica's word to its master (CLIENT CAPA).</summary>
    public bool CanBeRedirected { get; set; }

    /// <summary>Commands that it has called; those of its scripts do not count.</summary>
    public long CommandsCalled { get; set; }

    public long CreatedMs { get; init; }

    public long LastActiveMs { get; set; }

    /// <summary>When it was last seen to have taken something of what it is sent, and how much it had taken by then.</summary>
    internal long LastSentMs { get; set; }

    internal long SentBytesSeen { get; set; }

    /// <summary>The command it called last, for CLIENT LIST; null where that was none, or nothing yet.</summary>
    public CommandInfo? LastCommand { get; set; }

    /// <summary>How many of its error replies the statistics have counted.</summary>
    internal int ErrorsCounted { get; set; }

    /// <summary>What it was just replied has been counted where it arose: within a script.</summary>
    internal bool HasCountedError { get; set; }

    internal bool HasUncountedErrors => Reply.ErrorCount != ErrorsCounted;

    /// <summary>When its output first passed the soft limit, or 0.</summary>
    public long OverSoftLimitSinceMs { get; set; }

    /// <summary>CLIENT REPLY OFF and SKIP: replies are dropped.</summary>
    public ReplyMode ReplyMode { get; set; }

    public bool IsSilent => ReplyMode is ReplyMode.Off or ReplyMode.Skipping;

    /// <summary>It calls commands by their own names, whatever <c>rename-command</c> made of them for others.</summary>
    public bool UsesOwnNames { get; set; }

    /// <summary>CLIENT NO-EVICT: spared when clients hold too much memory.</summary>
    public bool IsSparedFromEviction { get; set; }

    /// <summary>What it was found to hold when it was last looked at, in bytes.</summary>
    internal long CountedBytes { get; set; }

    /// <summary>CLIENT NO-TOUCH: what it reads and writes does not count as used.</summary>
    public bool LeavesKeysUntouched { get; set; }

    public Transaction Transaction { get; } = new();

    /// <summary>What it listens to; made with the first subscription.</summary>
    public Subscriptions? Subscriptions { get; set; }

    /// <summary>How it keeps track of keys that it caches; null where it does not.</summary>
    public SessionTracking? Tracking { get; internal set; }

    /// <summary>What HIMPORT PREPARE has named; made with the first.</summary>
    public Hashes.FieldSets? FieldSets { get; set; }

    public bool IsSubscribed => Subscriptions is { TotalCount: > 0 };

    /// <summary>The command that keeps it waiting, or null.</summary>
    public BlockedCommand? Blocked { get; internal set; }

    /// <summary>It waits, and nothing that it sent runs meanwhile.</summary>
    public bool IsBlocked => Blocked is not null;

    /// <summary>Commands that would block reply as if their time were over: in a script, while loading.</summary>
    public bool DeniesBlocking { get; set; }

    /// <summary>The client for whom a script of this session's commands runs; null for a client's own session.</summary>
    public Session? Caller { get; set; }

    /// <summary>Its client is gone, and no command of it runs any more.</summary>
    internal bool IsForgotten { get; set; }

    /// <summary>Its next wait is called off before it begins.</summary>
    internal bool IsInterrupted { get; set; }

    /// <summary>Of a door without a connection: requests that go on when it waits no more, in their order.</summary>
    public Queue<ITurnWork> Postponed => field ??= new();

    /// <summary>Where the log of effects ended when its last command had run.</summary>
    public long LogOffset { get; set; }

    /// <summary>A command of its present turn was such that its reply tells of the data, and waits for the log.</summary>
    internal bool HasMetData { get; set; }

    /// <summary>MONITOR: it is shown all commands, and may not touch keys.</summary>
    public bool IsMonitor { get; set; }

    /// <summary>Somebody has ended it by CLIENT KILL.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>It has an end of its own to be brought to: a connection, or a door that takes <see cref="Kill"/>.</summary>
    public bool CanBeKilled => Connection is not null || _push is not null;

    /// <summary>It can be sent what is no reply: messages, and what MONITOR shows.</summary>
    public bool TakesPushes => Connection is not null || _push is not null;

    /// <summary>Its connection is closed or about to be; of a door, it was told to end it.</summary>
    public bool IsEnding => Connection?.IsClosing ?? IsKilled;

    /// <summary>Bytes that wait to be sent, as far as its door tells; of a door without connections, pushes alone.</summary>
    public long PendingBytes => Connection?.Output.PendingBytes ?? _push?.PendingBytes ?? 0;

    /// <summary>What it hears would stand among its replies: in RESP2 it may then run little else.</summary>
    public bool HearsAmongReplies => Kind == SessionKind.Resp && IsSubscribed && Reply.Version == RespVersion.Resp2;

    /// <summary>Tells whose request the session serves from now on. Nothing is made of it before somebody asks.</summary>
    public void ServeFor(IPAddress address, int port)
    {
        _served = address;
        _servedPort = port;
    }

    void IWatcher.Touched() => Transaction.IsStale = true;

    /// <summary>Hands a push message to the client; the bytes are RESP in its version and never change.</summary>
    /// <param name="logOffset">The message may not leave before the log is released up to here.</param>
    public void Push(ReadOnlyMemory<byte> message, long logOffset)
    {
        if (_push is not null)
        {
            _push.Push(message, logOffset);
            return;
        }
        if (Connection is not { IsClosing: false } connection) return;
        connection.Output.HoldTicket = Math.Max(connection.Output.HoldTicket, logOffset);
        (_spared ?? connection.Output).AppendShared(message);
        connection.RequestFlush();
    }

    /// <summary>Where a command writes what is no reply (the word of a subscription): replies may be silenced, and this is not.</summary>
    public RespWriter PushWriter => _spared is null ? Reply : new RespWriter(_spared) { Version = Reply.Version };

    /// <summary>From here on what is replied will be taken back. Returns what <see cref="EndSilence"/> wants.</summary>
    internal long BeginSilence()
    {
        _spared = new OutputBuffer();
        return Reply.Output.Written;
    }

    /// <summary>Takes back the replies, unless they are wanted again, and lets go what was pushed meanwhile.</summary>
    internal void EndSilence(long mark)
    {
        if (ReplyMode != ReplyMode.On) Reply.Output.Truncate(mark);
        foreach (ReadOnlyMemory<byte> pushed in _spared!.Drain()) Reply.Output.Append(pushed.Span);
        _spared = null;
    }

    /// <summary>Ends the session without sending the rest: it reads too slowly. Under the gate.</summary>
    internal void CutOff()
    {
        if (Connection is not null) Connection.Abort();
        else Kill(afterReply: false);
    }

    /// <summary>Ends the session (CLIENT KILL). Under the gate.</summary>
    /// <param name="afterReply">It is the session whose command runs now: the reply leaves first.</param>
    public void Kill(bool afterReply)
    {
        IsKilled = true;
        if (Connection is null) _push?.Kill(afterReply);
        else if (afterReply) Connection.CloseAfterReply = true;
        else Connection.Abort();
    }
}

/// <summary>A door that takes published messages apart from replies.</summary>
public interface ISessionOutput
{
    /// <summary>Under the gate: it must only enqueue.</summary>
    /// <param name="logOffset">The message may not leave before the log is released up to here.</param>
    void Push(ReadOnlyMemory<byte> respPush, long logOffset);

    /// <summary>
    /// Bytes of pushes that wait to be sent, which <c>client-output-buffer-limit</c> bounds. A door that bounds them itself
    /// has none to tell.
    /// </summary>
    long PendingBytes => 0;

    /// <summary>CLIENT KILL, or its output limit, has ended the session: the door closes it. Under the gate: it must only enqueue.</summary>
    /// <param name="afterReply">The session has ended itself, and the reply to that leaves first.</param>
    void Kill(bool afterReply);
}

public enum ReplyMode : byte
{
    On,
    Off,

    /// <summary>The next command is not answered.</summary>
    SkipNext,

    /// <summary>The command that runs is the one which is not answered.</summary>
    Skipping,
}
