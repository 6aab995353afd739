using System.Text;
using Galley.Api.Doors;

namespace Galley.Api.WebSockets;

/// <summary>
/// What one socket listens to: it tells the engine, takes its messages from the inbox, and puts a frame for each
/// subscription into the queue.
/// </summary>
internal sealed class SocketSubscriptions : IDisposable
{
    private readonly SubscriptionTable _table = new();
    private readonly CommandBatch _batch = new();
    private readonly IDoorSession _session;
    private readonly SendQueue _queue;
    private readonly Action _tooSlow;

    public SocketSubscriptions(IEngineDoor engine, string remoteAddress, SendQueue queue, Action tooSlow)
    {
        _queue = queue;
        _tooSlow = tooSlow;
        _session = engine.Open(DoorKind.WebSocket, remoteAddress, new Inbox(Deliver, tooSlow));
    }

    public async ValueTask<byte[]?> SubscribeAsync(ClientFrame frame)
    {
        if (_table.Find(frame.Id!) is not null)
            return ServerFrames.Error(frame.Id, "DUPLICATE_ID", "a subscription has this id already");
        if (_table.IsFull)
            return ServerFrames.Error(frame.Id, "LIMIT", $"a socket has {SocketLimits.SubscriptionsMax} subscriptions at most");

        var subscription = Read(frame);
        // The engine knows before the client is told, so that whoever publishes after the confirmation is heard.
        await RunAsync(subscription.IsByPattern ? "PSUBSCRIBE" : "SUBSCRIBE", _table.Add(subscription));
        await _queue.AddAsync(ServerFrames.Subscribed(
            frame.Type + "d", subscription.Id, subscription.IsByPattern ? "patterns" : "channels", subscription.Names));
        if (!subscription.Confirm((early, channel) => _queue.TryAdd(early, subscription, channel))) _tooSlow();
        return null;
    }

    public async ValueTask<byte[]?> UnsubscribeAsync(ClientFrame frame)
    {
        if (_table.Find(frame.Id!) is not { } subscription)
            return ServerFrames.Error(frame.Id, "BADFRAME", "no subscription has this id");

        IEnumerable<string> names = (subscription.IsByPattern ? frame.Patterns : frame.Channels)?.OfType<string>()
            ?? subscription.Names.ToArray();
        List<string> removed = _table.Remove(subscription, names);
        await RunAsync(subscription.IsByPattern ? "PUNSUBSCRIBE" : "UNSUBSCRIBE", removed);
        return ServerFrames.Unsubscribed(subscription.Id, subscription.Names.Count);
    }

    public void Dispose() => _session.Dispose();

    private static Subscription Read(ClientFrame frame)
    {
        bool isByPattern = frame.Type == "psubscribe";
        DataMode data = frame.Data switch { "json" => DataMode.Json, "base64" => DataMode.Base64, _ => DataMode.Utf8 };
        SlowRule onSlow = frame.OnSlow switch
        {
            "drop-oldest" => SlowRule.DropOldest,
            "conflate" => SlowRule.Conflate,
            _ => SlowRule.Close,
        };
        return new Subscription(frame.Id!, isByPattern, (isByPattern ? frame.Patterns : frame.Channels)!.OfType<string>(), data, onSlow);
    }

    private async ValueTask RunAsync(string command, List<string> names)
    {
        if (names.Count == 0) return;
        _batch.Clear();
        _batch.BeginCommand();
        _batch.Add(Encoding.UTF8.GetBytes(command));
        foreach (string name in names) _batch.Add(Encoding.UTF8.GetBytes(name));
        await _session.ExecuteAsync(_batch, isAtomic: false);
    }

    /// <summary>From the inbox: one message at a time.</summary>
    private void Deliver(ReadOnlyMemory<byte> resp)
    {
        if (!PublishedMessage.TryRead(resp, out PublishedMessage message)) return;
        ReadOnlyMemory<byte> name = message.IsByPattern ? message.Pattern : message.Channel;
        string channel = Encoding.UTF8.GetString(message.Channel.Span);
        foreach (Subscription subscription in _table.Listeners(Encoding.UTF8.GetString(name.Span), message.IsByPattern))
        {
            byte[] frame = ServerFrames.Message(subscription, in message, ++subscription.MessageCount);
            if (subscription.TryHold(frame, channel) || _queue.TryAdd(frame, subscription, channel)) continue;
            _tooSlow();
            return;
        }
    }
}
