using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Galley.Api.Doors;
using Galley.Api.Rest;

namespace Galley.Api.WebSockets;

/// <summary>
/// One client of the WebSocket door. Its receive loop reads a frame, serves it and reads the next; its send loop empties
/// the queue. Commands and subscriptions have a session each: in RESP2, whose shapes the replies keep, a session that
/// listens runs no other commands.
/// </summary>
internal sealed class Socket : IAsyncDisposable
{
    private readonly WebSocket _webSocket;
    private readonly IDoorSession _commands;
    private readonly SocketSubscriptions _subscriptions;
    private readonly SendQueue _queue = new(SocketLimits.QueueBytesMax, SocketLimits.QueueFramesMax);
    private readonly CommandBatch _batch = new();
    private readonly Access _access;
    private readonly CancellationTokenSource _ended = new();
    private bool _isAuthenticated;
    private int _closeCode;

    public Socket(WebSocket webSocket, IEngineDoor engine, Access access, string remoteAddress, bool isAuthenticated)
    {
        _webSocket = webSocket;
        _access = access;
        _isAuthenticated = isAuthenticated;
        _commands = engine.Open(DoorKind.WebSocket, remoteAddress);
        _subscriptions = new SocketSubscriptions(engine, remoteAddress, _queue, () => End(CloseCode.SlowConsumer));
    }

    /// <summary>Serves the socket until either side ends it.</summary>
    public async Task RunAsync()
    {
        Task sending = SendAsync();
        if (_isAuthenticated) await _queue.AddAsync(ServerFrames.Hello(_commands.Id));
        else _ = RequireAuthAsync();
        try
        {
            await ReceiveAsync();
        }
        catch (WebSocketException)
        {
            // The peer is gone.
        }
        End(CloseCode.Normal);
        await sending;
    }

    /// <summary>
    /// Ends the socket: the send loop sends the code after what waits (for a slow client, instead of it), and who does
    /// not take it in time is cut off. The first reason counts. Any thread.
    /// </summary>
    public void End(CloseCode code)
    {
        if (Interlocked.CompareExchange(ref _closeCode, (int)code, 0) != 0) return;
        bool isSlow = code == CloseCode.SlowConsumer;
        _queue.End(isSlow ? Slow() : null, dropsWaiting: isSlow);
        _ = AbortLaterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _subscriptions.Dispose();
        _commands.Dispose();
        _queue.Dispose();
        _ended.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var frame = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            ValueWebSocketReceiveResult result = await _webSocket.ReceiveAsync(frame.GetMemory(4096), CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close) return;
            frame.Advance(result.Count);
            if (frame.WrittenCount > SocketLimits.FrameBytesMax)
            {
                End(CloseCode.FrameTooBig);
                return;
            }
            if (!result.EndOfMessage) continue;
            if (result.MessageType != WebSocketMessageType.Text || !await ServeAsync(frame.WrittenMemory))
            {
                End(CloseCode.MalformedFrame);
                return;
            }
            frame.ResetWrittenCount();
        }
    }

    /// <summary>Serves a frame; false ends the socket.</summary>
    private async ValueTask<bool> ServeAsync(ReadOnlyMemory<byte> json)
    {
        if (ClientFrame.TryRead(json, out JsonDocument? document) is not { } frame) return false;
        using (document)
        {
            if (frame.Type == "auth") return await AuthenticateAsync(frame);
            if (!_isAuthenticated)
            {
                await _queue.AddAsync(ServerFrames.Error(frame.Id, "NOAUTH", "the first frame must be auth with a token"));
                return true;
            }
            byte[]? answer = FrameValidators.Failure(frame) is { } failure
                ? ServerFrames.Error(frame.Id, "BADFRAME", failure)
                : await AnswerAsync(frame);
            if (answer is not null) await _queue.AddAsync(answer);
            return true;
        }
    }

    private async ValueTask<byte[]?> AnswerAsync(ClientFrame frame) => frame.Type switch
    {
        "cmd" => await RunCommandsAsync(frame),
        "subscribe" or "psubscribe" => await _subscriptions.SubscribeAsync(frame),
        "unsubscribe" => await _subscriptions.UnsubscribeAsync(frame),
        "ping" => ServerFrames.Pong(frame.Time),
        "pong" => null,
        _ => ServerFrames.Error(frame.Id, "UNKNOWN_TYPE", "type must be subscribe, psubscribe, unsubscribe, cmd, ping or auth"),
    };

    private async ValueTask<byte[]> RunCommandsAsync(ClientFrame frame)
    {
        _batch.Clear();
        try
        {
            ReadCommands(frame);
        }
        catch (RestException refusal)
        {
            return ServerFrames.Error(frame.Id, "BADFRAME", refusal.Message);
        }
        if (UnavailableCommands.Refusal(_batch) is { } unavailable) return ServerFrames.Error(frame.Id, "ERR", unavailable);

        bool isAtomic = frame.Batch is not null && frame.IsAtomic;
        DoorReply reply = await _commands.ExecuteAsync(_batch, isAtomic);
        return frame.Batch is null
            ? ServerFrames.Reply(frame.Id!, reply.Resp)
            : ServerFrames.BatchReply(frame.Id!, reply.Resp, _batch.Count, isAtomic);
    }

    private void ReadCommands(ClientFrame frame)
    {
        string json = (frame.Args ?? frame.Batch)!.Value.GetRawText();
        var bytes = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json));
        if (frame.Args is not null) JsonArguments.ReadCommand(in bytes, _batch);
        else JsonArguments.ReadCommands(in bytes, _batch);
    }

    private async ValueTask<bool> AuthenticateAsync(ClientFrame frame)
    {
        if (frame.Token is null || (_access.AsksForCredentials && !_access.IsToken(frame.Token)))
        {
            End(CloseCode.BadCredentials);
            return false;
        }
        if (!_isAuthenticated) await _queue.AddAsync(ServerFrames.Hello(_commands.Id));
        _isAuthenticated = true;
        await _queue.AddAsync(ServerFrames.Authed());
        return true;
    }

    private async Task RequireAuthAsync()
    {
        if (await DelayAsync(SocketLimits.AuthTime) && !_isAuthenticated) End(CloseCode.AuthTimeout);
    }

    private async Task AbortLaterAsync()
    {
        if (await DelayAsync(SocketLimits.CloseTime)) _webSocket.Abort();
    }

    /// <summary>False when the socket ended before.</summary>
    private async Task<bool> DelayAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _ended.Token);
            return true;
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (await _queue.TakeAsync() is { } frame)
                await _webSocket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            if (_webSocket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _webSocket.CloseOutputAsync((WebSocketCloseStatus)_closeCode, null, CancellationToken.None);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone, or was cut off.
            _queue.End(dropsWaiting: true);
            _webSocket.Abort();
        }
    }

    private static byte[] Slow() =>
        ServerFrames.Error(null, "SLOW", "the client reads more slowly than its subscriptions publish", isFatal: true);
}
