using System.Diagnostics.CodeAnalysis;
using Galley.Api.Doors;
using Galley.Api.Rest;

namespace Galley.Api.WebSockets;

/// <summary>
/// The way of a socket's frames into the engine: in the order in which they came, on the socket's session. The frames that
/// come while others run wait, and then go together, so that they share a turn and wait for the disk once. A command that
/// blocks leaves the lane when its turn has come, for a session of its own: its reply comes when it comes, and holds
/// nobody up.
/// <code>
///   frames --> [ cmd | cmd | subscribe | cmd atomic | cmd ] --> session --> replies, in order
///                 together             alone               --> a session each, for what blocks --> replies, whenever
/// </code>
/// </summary>
internal sealed class CommandLane(
    SocketServices services, IDoorSession session, string remoteAddress, SocketSubscriptions subscriptions, SocketReaders readers,
    SendQueue queue, Func<CancellationToken> gone, Action<CloseCode> end)
{
    /// <summary>Commands that go together.</summary>
    private const int TogetherMax = 64;

    private readonly Lock _lock = new();
    private readonly SocketServices _services = services;
    private readonly IDoorSession _session = session;
    private readonly string _remoteAddress = remoteAddress;
    private readonly SocketSubscriptions _subscriptions = subscriptions;
    private readonly SocketReaders _readers = readers;
    private readonly SendQueue _queue = queue;
    private readonly Func<CancellationToken> _gone = gone;
    private readonly Action<CloseCode> _end = end;
    private readonly Queue<LaneWork> _waiting = new();
    private readonly List<IDoorSession> _beside = [];
    private int _underWay;
    private bool _isRunning;
    private bool _isClosed;
    private Action? _idle;
    private TaskCompletionSource? _room;

    /// <summary>The next frame would have to wait.</summary>
    public bool IsFull => Volatile.Read(ref _underWay) >= _services.Settings.WsMaxInFlight;

    /// <summary>Takes a frame in; waits while too many are under way.</summary>
    public async ValueTask AddAsync(LaneWork work)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_isClosed) return;
                if (_underWay < _services.Settings.WsMaxInFlight)
                {
                    _underWay++;
                    _waiting.Enqueue(work);
                    if (_isRunning) return;
                    _isRunning = true;
                    break;
                }
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
            // Nobody reads meanwhile, and so nobody sees the end of the connection: only the host does.
            using (_gone().Register(Close)) await room;
        }
        _ = GuardedAsync(RunAsync());
    }

    /// <summary>Calls back, once, when every frame so far is answered; those that block are not waited for.</summary>
    public void WhenIdle(Action idle)
    {
        lock (_lock)
        {
            _idle = idle;
            if (_isRunning) return;
        }
        idle();
    }

    /// <summary>The socket is gone, or about to: what waits is dropped, what blocks is called off. Any thread.</summary>
    public void Close()
    {
        IDoorSession[] beside;
        lock (_lock)
        {
            _isClosed = true;
            _waiting.Clear();
            _room?.TrySetResult();
            beside = [.. _beside];
            _beside.Clear();
        }
        // Not under the lock: the turn that this may begin can end other sockets.
        foreach (IDoorSession own in beside) own.Dispose();
    }

    private async Task RunAsync()
    {
        var together = new List<LaneWork>();
        while (TryTake(together))
        {
            LaneWork first = together[0];
            if (first.Blocks)
            {
                _ = GuardedAsync(RunBesideAsync(first));
                together.Clear();
                continue;
            }
            if (first.Commands is null) await ChangeSubscriptionsAsync(first.Frame);
            else if (together.Count == 1) await AnswerAsync(first, (await _session.ExecuteAsync(first.Commands, first.IsAtomic)).Resp);
            else await RunTogetherAsync(together);
            foreach (LaneWork work in together) Leave(work);
            together.Clear();
        }
    }

    private async Task RunTogetherAsync(List<LaneWork> together)
    {
        CommandBatch joined = _services.Batches.Rent();
        foreach (LaneWork work in together) joined.AddAll(work.Commands!);
        ReadOnlyMemory<byte> replies = (await _session.ExecuteAsync(joined, isAtomic: false)).Resp;
        foreach (LaneWork work in together)
        {
            int length = 0;
            for (int row = 0; row < work.Commands!.Count; row++) length += RespLength.OfFirst(replies.Span[length..]);
            await AnswerAsync(work, replies[..length]);
            replies = replies[length..];
        }
        _services.Batches.Return(joined);
    }

    private async Task RunBesideAsync(LaneWork work)
    {
        using IDoorSession own = _services.Engine.Open(DoorKind.WebSocket, _remoteAddress);
        own.Client = _session.Client;
        lock (_lock)
        {
            if (_isClosed) return;
            _beside.Add(own);
        }
        DoorReply reply = await own.ExecuteAsync(work.Commands!, isAtomic: false);
        await AnswerAsync(work, reply.Resp);
        lock (_lock) _beside.Remove(own);
        Leave(work);
    }

    private async ValueTask ChangeSubscriptionsAsync(ClientFrame frame)
    {
        if (Refusal(frame) is { } refusal) await _queue.AddAsync(refusal);
        else if (SocketReaders.Serves(frame)) await _readers.ServeAsync(frame);
        else if (frame.Type == FrameTypes.Unsubscribe && _readers.Has(frame.Id!)) await _readers.CloseAsync(frame);
        else if (frame.Type is FrameTypes.Unsubscribe or FrameTypes.ShardUnsubscribe) await _subscriptions.UnsubscribeAsync(frame);
        else await _subscriptions.SubscribeAsync(frame);
    }

    /// <summary>Why the socket may not have another subscription or reader by this id; null where the frame asks for none, too.</summary>
    private byte[]? Refusal(ClientFrame frame)
    {
        if (!FrameTypes.Opens(frame.Type)) return null;
        if (_subscriptions.Has(frame.Id!) || _readers.Has(frame.Id!))
            return ServerFrames.Error(frame.Id, "DUPLICATE_ID", "a subscription has this id already");
        int max = _services.Settings.WsMaxSubscriptions;
        bool isFull = _subscriptions.Count + _readers.Count >= max;
        return isFull ? ServerFrames.Error(frame.Id, "LIMIT", $"a socket has {max} subscriptions at most") : null;
    }

    private async ValueTask AnswerAsync(LaneWork work, ReadOnlyMemory<byte> resp)
    {
        byte[] answer;
        try
        {
            answer = work.Answer(resp);
        }
        catch (RestException refusal)
        {
            answer = ServerFrames.Error(work.Frame.Id, "ERR", refusal.Message);
        }
        await _queue.AddAsync(answer);
    }

    /// <summary>Takes the next frame, and those after it that may go with it; false when none waits.</summary>
    private bool TryTake(List<LaneWork> together)
    {
        Action? idle;
        lock (_lock)
        {
            int commands = 0;
            while (_waiting.TryPeek(out LaneWork? next))
            {
                bool joins = together.Count == 0 || (together[0].JoinsOthers && next.JoinsOthers && commands + next.Commands!.Count <= TogetherMax);
                if (!joins) break;
                commands += next.Commands?.Count ?? 0;
                together.Add(_waiting.Dequeue());
            }
            if (together.Count > 0) return true;
            _isRunning = false;
            idle = _idle;
        }
        idle?.Invoke();
        return false;
    }

    private void Leave(LaneWork work)
    {
        if (work.Commands is { } commands) _services.Batches.Return(commands);
        lock (_lock)
        {
            _underWay--;
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>A mistake of ours costs one client its socket and nobody the server.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the other clients must not suffer from it.")]
    private async Task GuardedAsync(Task run)
    {
        try
        {
            await run;
        }
        catch (Exception)
        {
            _end(CloseCode.InternalError);
        }
    }
}
