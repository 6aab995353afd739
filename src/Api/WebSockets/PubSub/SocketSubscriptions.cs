using System.Text;
using Galley.Api.Doors;
using Galley.Api.PubSub;

namespace Galley.Api.WebSockets;

/// <summary>
/// What one socket listens to: it tells the engine, and puts a frame for each subscription that hears a message into the
/// queue. Subscribing and its opposite happen in the socket's lane, one at a time.
/// </summary>
internal sealed class SocketSubscriptions(SocketServices services, IDoorSession session, SendQueue queue, Action<CloseCode> end)
{
    private readonly SubscriptionTable _table = new();
    private readonly SocketServices _services = services;
    private readonly IDoorSession _session = session;
    private readonly SendQueue _queue = queue;
    private readonly Action<CloseCode> _end = end;

    public int Count => _table.Count;

    public bool Has(string id) => _table.Find(id) is not null;

    /// <summary>Subscribes, by an id that is free; where the engine refuses, nothing is left of it.</summary>
    public async ValueTask SubscribeAsync(ClientFrame frame)
    {
        var subscription = Read(frame);
        // The engine knows before the client is told, so that whoever publishes after the confirmation is heard.
        if (await RunAsync(SubscriptionWords.Of(subscription.Kind).Join, _table.Add(subscription)) is { } refusal)
        {
            _table.Remove(subscription, subscription.Names.ToArray());
            await _queue.AddAsync(ServerFrames.Failure(subscription.Id, refusal));
            return;
        }
        await _queue.AddAsync(ServerFrames.Subscribed(subscription));
        if (!subscription.TryConfirm(_queue)) _end(CloseCode.SlowConsumer);
    }

    public async ValueTask UnsubscribeAsync(ClientFrame frame)
    {
        if (_table.Find(frame.Id!) is not { } subscription)
        {
            await _queue.AddAsync(ServerFrames.Error(frame.Id, "BADFRAME", "no subscription has this id"));
            return;
        }
        IEnumerable<string> names = (subscription.Kind == MessageKind.ByPattern ? frame.Patterns : frame.Channels)?.OfType<string>()
            ?? subscription.Names.ToArray();
        List<string> removed = _table.Remove(subscription, names);
        await RunAsync(SubscriptionWords.Of(subscription.Kind).Leave, removed);
        await _queue.AddAsync(ServerFrames.Unsubscribed(subscription.Id, subscription.Names.Count));
    }

    /// <summary>From the fan-out's worker.</summary>
    public void Receive(SharedMessage message)
    {
        foreach (Subscription subscription in _table.Listeners(message.Name, message.Kind))
        {
            if (subscription.TryReceive(message, _queue)) continue;
            _end(CloseCode.SlowConsumer);
            return;
        }
    }

    private static Subscription Read(ClientFrame frame)
    {
        MessageKind kind = frame.Type switch
        {
            FrameTypes.PatternSubscribe => MessageKind.ByPattern,
            FrameTypes.ShardSubscribe => MessageKind.OfShard,
            _ => MessageKind.Message,
        };
        SlowRule onSlow = frame.OnSlow switch
        {
            "drop-oldest" => SlowRule.DropOldest,
            "conflate" => SlowRule.Conflate,
            _ => SlowRule.Close,
        };
        IReadOnlyList<string?> names = (kind == MessageKind.ByPattern ? frame.Patterns : frame.Channels)!;
        return new Subscription(frame.Id!, kind, names.OfType<string>(), Subscription.ModeOf(frame.Data), onSlow);
    }

    /// <summary>Tells the engine; gives its error, or null.</summary>
    private async ValueTask<string?> RunAsync(string command, List<string> names)
    {
        if (names.Count == 0) return null;
        CommandBatch batch = _services.Batches.Rent();
        batch.BeginCommand();
        batch.Add(Encoding.UTF8.GetBytes(command));
        foreach (string name in names) batch.Add(Encoding.UTF8.GetBytes(name));
        ReadOnlyMemory<byte> reply = (await _session.ExecuteAsync(batch, isAtomic: false)).Resp;
        _services.Batches.Return(batch);
        return reply.Span is [(byte)'-', ..] ? Encoding.UTF8.GetString(reply.Span[1..^2]) : null;
    }
}
