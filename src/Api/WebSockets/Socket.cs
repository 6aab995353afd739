using System.Text.Unicode;
using Galley.Api.Doors;
using Galley.Api.PubSub;
using Galley.Api.Rest;

namespace Galley.Api.WebSockets;

/// <summary>
/// One client of the WebSocket door: a loop that reads frames, a sender that works while something waits, a session of the
/// engine, and a lane that leads to it. An idle socket is a wait for bytes and a few small objects; all else is made when
/// it is first needed.
/// </summary>
internal sealed class Socket : IReceiver, IPushTarget, IAsyncDisposable
{
    private readonly SocketServices _services;
    private readonly MessageReader _reader;
    private readonly SendQueue _queue;
    private readonly IDoorSession _session;
    private readonly Pulse _pulse;
    private readonly Func<CancellationToken> _gone;
    private readonly Action _abort;
    private readonly string _remoteAddress;
    private CommandLane? _lane;
    private SocketSubscriptions? _subscriptions;
    private SocketReaders? _readers;
    private SocketGrant? _grant;
    private FrameRate _rate;
    private long _bytesAtPing;
    private bool _awaitsPong;
    private volatile bool _isEnding;

    /// <param name="grant">What the handshake's credentials allow; null: a first frame must show some.</param>
    /// <param name="gone">Gives what is cancelled when the connection has ended; asked for when it is needed.</param>
    /// <param name="abort">Cuts the connection.</param>
    public Socket(
        SocketServices services, Stream stream, string remoteAddress, SocketGrant? grant, Func<CancellationToken> gone, Action abort)
    {
        _services = services;
        _gone = gone;
        _abort = abort;
        _remoteAddress = remoteAddress;
        _grant = grant;
        _reader = new MessageReader(stream);
        _queue = new Sender(stream, services.Settings).Queue;
        _session = services.Engine.Open(DoorKind.WebSocket, remoteAddress, this);
        _pulse = new Pulse(this);
    }

    public SocketGrant? Grant => _grant;

    /// <summary>Serves the socket until either side ends it.</summary>
    public async Task RunAsync()
    {
        Watch();
        if (_grant is not null) await WelcomeAsync(_grant);
        try
        {
            do _reader.MessageBytesMax = _grant is null ? SocketLimits.StrangerFrameBytesMax : _services.Settings.WsMaxFrameBytes;
            while (await ServeAsync(await _reader.ReadAsync()));
        }
        catch (ProtocolException breach)
        {
            End(breach.Code, breach.Message);
            await DiscardAsync();
        }
        catch (Exception error) when (IsGone(error))
        {
            _queue.Abandon();
        }
        await _queue.WhenOverAsync();
    }

    /// <summary>
    /// Ends the socket: what waits is sent (for a slow client, dropped), then the close, and who does not take it in time
    /// is cut off. What it still waits for runs no more. The first reason counts. Any thread.
    /// </summary>
    public void End(CloseCode code, string reason = "")
    {
        bool isSlow = code == CloseCode.SlowConsumer;
        End(new Ending(code, reason), isSlow ? Slow() : null, dropsWaiting: isSlow || code == CloseCode.Overload);
        _lane?.Close();
    }

    /// <summary>The server ends: frames that are under way are answered, no other is read, and the socket is closed.</summary>
    public void Drain()
    {
        const string Reason = "the server shuts down";
        _isEnding = true;
        _readers?.Close();
        // Before the lane is idle, too, the time runs.
        _services.Heartbeat.Set(_pulse, Deadline.Close, SocketLimits.CloseTimeMs);
        if (_lane is { } lane) lane.WhenIdle(() => End(CloseCode.GoingAway, Reason));
        else End(CloseCode.GoingAway, Reason);
    }

    /// <summary>From the heartbeat.</summary>
    public void Passed(Deadline deadline)
    {
        switch (deadline)
        {
            case Deadline.Auth when _grant is null:
                End(CloseCode.AuthTimeout, "NOAUTH the first frame must be auth with a token");
                break;
            case Deadline.Ping when !_isEnding:
                Ping();
                break;
            case Deadline.Pong when _awaitsPong:
                _awaitsPong = false;
                // While the lane is full nothing is read, and the pong may lie there.
                bool isSilent = _reader.ReceivedBytes == _bytesAtPing && _lane is not { IsFull: true };
                if (isSilent) End(CloseCode.NoPong, "a ping was not answered");
                break;
            case Deadline.Close:
                _abort();
                break;
        }
    }

    void IPushTarget.Push(ReadOnlyMemory<byte> resp, long logOffset) => _services.Fanout.Push(this, resp, logOffset);

    void IPushTarget.Kill(bool afterReply)
    {
        const string Reason = "closed by CLIENT KILL";
        if (afterReply && _lane is { } lane) lane.WhenIdle(() => End(CloseCode.Killed, Reason));
        else End(CloseCode.Killed, Reason);
    }

    void IReceiver.Receive(SharedMessage message) => _subscriptions?.Receive(message);

    void IReceiver.Overflow() => End(CloseCode.Overload, "the server is behind with its messages");

    public ValueTask DisposeAsync()
    {
        _pulse.Stop();
        _readers?.Close();
        _lane?.Close();
        _session.Dispose();
        return _reader.DisposeAsync();
    }

    /// <summary>Serves what has come; false when nothing more will.</summary>
    private async ValueTask<bool> ServeAsync(Message message)
    {
        switch (message.Opcode)
        {
            case Opcode.Continuation:
                // The end of the connection, without a close.
                _queue.Abandon();
                return false;
            case Opcode.Close:
                End(ClosePayload.AnswerTo(message.Payload.Span));
                return false;
            case Opcode.Ping:
                _queue.Pong(message.Payload.ToArray());
                break;
            case Opcode.Text when !_isEnding:
                await ServeAsync(message.Payload);
                break;
            case Opcode.Binary:
                End(CloseCode.MalformedFrame, "frames are text");
                break;
        }
        return true;
    }

    /// <summary>The peer is gone, or was cut off.</summary>
    private static bool IsGone(Exception error) => error is IOException or OperationCanceledException or ObjectDisposedException;

    /// <summary>After a breach nothing that comes means anything; but what comes is read, so that the close can arrive.</summary>
    private async Task DiscardAsync()
    {
        try
        {
            await _reader.DiscardAsync();
        }
        catch (Exception error) when (IsGone(error))
        {
            _queue.Abandon();
        }
    }

    private async ValueTask ServeAsync(ReadOnlyMemory<byte> json)
    {
        int rateLimit = _services.Settings.WsRateLimit;
        ClientFrame? frame = Utf8.IsValid(json.Span) ? ClientFrame.TryRead(json) : null;
        if (rateLimit > 0 && !_rate.Admits(_services.Heartbeat.NowMs, rateLimit))
            End(CloseCode.RateLimited, $"a socket sends {rateLimit} frames a second at most");
        else if (frame is null) End(CloseCode.MalformedFrame, "a frame is one JSON object");
        else if (frame.Type == FrameTypes.Auth) await AuthenticateAsync(frame);
        else if (_grant is null) await RefuseAsync(frame, "NOAUTH", "the first frame must be auth with a token");
        else if (FrameValidators.Failure(frame) is { } failure) await RefuseAsync(frame, "BADFRAME", failure);
        else await ServeAsync(frame, _grant);
    }

    private ValueTask ServeAsync(ClientFrame frame, SocketGrant grant) => frame.Type switch
    {
        FrameTypes.Command => RunCommandsAsync(frame),
        FrameTypes.Subscribe or FrameTypes.PatternSubscribe or FrameTypes.ShardSubscribe => SubscribeAsync(frame, grant),
        FrameTypes.Unsubscribe or FrameTypes.ShardUnsubscribe => Lane().AddAsync(new LaneWork(frame, null)),
        _ when SocketReaders.Serves(frame) => Lane().AddAsync(new LaneWork(frame, null)),
        FrameTypes.Ping => _queue.AddAsync(ServerFrames.Pong(frame.Time)),
        FrameTypes.Pong => ValueTask.CompletedTask,
        _ => RefuseAsync(frame, "UNKNOWN_TYPE", "type must be one that docs/asyncapi.yaml describes, such as subscribe, stream.read or cmd"),
    };

    private ValueTask RefuseAsync(ClientFrame frame, string code, string message) =>
        _queue.AddAsync(ServerFrames.Error(frame.Id, code, message));

    private ValueTask RunCommandsAsync(ClientFrame frame)
    {
        CommandBatch commands = _services.Batches.Rent();
        try
        {
            SocketCommands.Read(frame, commands);
        }
        catch (RestException refusal)
        {
            _services.Batches.Return(commands);
            return RefuseAsync(frame, "BADFRAME", refusal.Message);
        }
        if (SocketCommands.Refusal(commands) is not { } unavailable) return Lane().AddAsync(new LaneWork(frame, commands));
        _services.Batches.Return(commands);
        return RefuseAsync(frame, unavailable.Split(' ')[0], unavailable);
    }

    private ValueTask SubscribeAsync(ClientFrame frame, SocketGrant grant)
    {
        bool isByPattern = frame.Type == FrameTypes.PatternSubscribe;
        return grant.Refusal((isByPattern ? frame.Patterns : frame.Channels)!, isByPattern) is { } denied
            ? RefuseAsync(frame, "NOPERM", denied)
            : Lane().AddAsync(new LaneWork(frame, null));
    }

    private CommandLane Lane()
    {
        _subscriptions ??= new SocketSubscriptions(_services, _session, _queue, code => End(code));
        _readers ??= new SocketReaders(_services, _session, _remoteAddress, _queue, code => End(code));
        return _lane ??= new CommandLane(_services, _session, _remoteAddress, _subscriptions, _readers, _queue, _gone, code => End(code));
    }

    private async ValueTask AuthenticateAsync(ClientFrame frame)
    {
        if (_services.Credentials.OfFrame(frame.Token) is not { } grant)
        {
            End(CloseCode.BadCredentials, "WRONGPASS invalid or missing auth token");
            return;
        }
        bool isFirst = _grant is null;
        if (_grant is { IsReadOnly: false } && grant.IsReadOnly)
        {
            // The socket would have more than the token that is looked at when tokens change.
            await RefuseAsync(frame, "NOPERM", "the token allows less than this socket has: open another WebSocket with it");
            return;
        }
        // A ticket's limits outlive a renewal of its token.
        _grant = isFirst ? grant : _grant! with { Token = grant.Token };
        if (isFirst) await WelcomeAsync(grant);
        await _queue.AddAsync(ServerFrames.Authed(_grant.User));
    }

    private ValueTask WelcomeAsync(SocketGrant grant)
    {
        _session.Client = new DoorClient(DatabaseId: 0, grant.IsReadOnly, IsLenient: false) { Channels = grant.Channels };
        return _queue.AddAsync(ServerFrames.Hello(_session.Id, grant.User, _services.Settings));
    }

    private void Watch()
    {
        if (_grant is null) _services.Heartbeat.Set(_pulse, Deadline.Auth, _services.Settings.WsAuthTimeoutMs);
        if (_services.Settings.WsPingIntervalMs > 0) _services.Heartbeat.Set(_pulse, Deadline.Ping, _services.Settings.WsPingIntervalMs);
    }

    private void Ping()
    {
        if (!_awaitsPong)
        {
            _awaitsPong = true;
            _bytesAtPing = _reader.ReceivedBytes;
            _services.Heartbeat.Set(_pulse, Deadline.Pong, _services.Settings.WsPongTimeoutMs);
        }
        _queue.Ping();
        _services.Heartbeat.Set(_pulse, Deadline.Ping, Math.Max(1, _services.Settings.WsPingIntervalMs));
    }

    private void End(Ending ending, byte[]? last = null, bool dropsWaiting = false)
    {
        if (!_queue.TryEnd(ending, last, dropsWaiting)) return;
        _isEnding = true;
        _readers?.Close();
        _services.Heartbeat.Set(_pulse, Deadline.Close, SocketLimits.CloseTimeMs);
    }

    private static byte[] Slow() =>
        ServerFrames.Error(null, "SLOW", "the client reads more slowly than its subscriptions publish", isFatal: true);
}
