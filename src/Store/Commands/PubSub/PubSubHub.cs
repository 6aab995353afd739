using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>
/// Who listens to what, and the delivery of what is published. A message is encoded once a protocol version and shared by
/// all who hear it; delivery to one of them is an enqueue.
/// </summary>
public sealed class PubSubHub
{
    private readonly ServerContext _server;
    private readonly FieldEvents _fields;

    /// <summary>What waits for the end of a script; null while none runs.</summary>
    private List<HeldMessage>? _held;

    public PubSubHub(ServerContext server)
    {
        _server = server;
        _fields = new FieldEvents(this);
    }

    internal ListenerTable Channels { get; } = new(own => own.Channels)
    {
        JoinWord = "subscribe"u8.ToArray(), LeaveWord = "unsubscribe"u8.ToArray(), MessageWord = "message"u8.ToArray(),
    };

    internal ListenerTable Patterns { get; } = new(own => own.Patterns)
    {
        JoinWord = "psubscribe"u8.ToArray(), LeaveWord = "punsubscribe"u8.ToArray(), MessageWord = "pmessage"u8.ToArray(),
    };

    /// <summary>Channels that belong to a hash slot, as keys do; no pattern hears them, and no keyspace event comes by them.</summary>
    internal ListenerTable ShardChannels { get; } = new(own => own.ShardChannels)
    {
        JoinWord = "ssubscribe"u8.ToArray(), LeaveWord = "sunsubscribe"u8.ToArray(), MessageWord = "smessage"u8.ToArray(),
    };

    /// <summary>How many subscriptions a client is told that it has: shard channels by themselves, all others together.</summary>
    internal int CountToTell(Session session, ListenerTable table) => session.Subscriptions switch
    {
        null => 0,
        { } own when table == ShardChannels => own.ShardChannels.Count,
        { } own => own.Channels.Count + own.Patterns.Count,
    };

    /// <summary>The session is gone, or RESET.</summary>
    public void Drop(Session session)
    {
        Channels.RemoveAll(session);
        Patterns.RemoveAll(session);
        ShardChannels.RemoveAll(session);
    }

    /// <summary>Delivers a message to those who listen to the channel, then to those by pattern; returns how many receive it.</summary>
    public int Publish(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        FlushFields();
        return Send(channel, message);
    }

    /// <summary>As the other, before what is still to be told of fields.</summary>
    internal int Send(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        if (_held is not null) return Hold(isForShard: false, channel, message);
        int receivers = 0;
        if (Channels.TryFind(channel, out LinkedList<Session>? listeners))
            receivers += Deliver(listeners, Channels.MessageWord, null, channel, message);
        if (Patterns.Count == 0) return receivers;
        foreach ((byte[] pattern, LinkedList<Session> byPattern) in Patterns.Rows)
            if (Glob.IsMatch(pattern, channel)) receivers += Deliver(byPattern, Patterns.MessageWord, pattern, channel, message);
        return receivers;
    }

    /// <summary>Delivers a message to those who listen to the shard channel; returns how many receive it.</summary>
    public int PublishToShard(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        if (_held is not null) return Hold(isForShard: true, channel, message);
        return ShardChannels.TryFind(channel, out LinkedList<Session>? listeners)
            ? Deliver(listeners, ShardChannels.MessageWord, null, channel, message)
            : 0;
    }

    /// <summary>From here on messages wait: what causes them is not certain to have happened.</summary>
    internal void BeginHolding() => _held = [];

    /// <summary>What has waited is delivered, in its order, or nobody hears of it.</summary>
    internal void EndHolding(bool delivers)
    {
        if (delivers) FlushFields();
        else _fields.Discard();
        List<HeldMessage> held = _held ?? [];
        _held = null;
        if (!delivers) return;
        foreach (HeldMessage message in held)
        {
            if (message.IsForShard) PublishToShard(message.Channel, message.Text);
            else Send(message.Channel, message.Text);
        }
    }

    /// <summary>Tells of a keyspace event: the change feed, and listeners where <c>notify-keyspace-events</c> asks for its class.</summary>
    internal void Notify(EventClass eventClass, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        FlushFields();
        _server.Feed.Add(eventClass, eventName, key, database);
        NotifyListeners(eventClass, eventName, key, database);
    }

    /// <summary><c>notify-keyspace-events</c> asks for one of these classes.</summary>
    internal bool TellsOf(EventClass classes) => ((EventClass)_server.Settings.NotifyKeyspaceEvents.Bits & classes) != 0;

    /// <summary>Tells listeners alone.</summary>
    internal void NotifyListeners(EventClass eventClass, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        var enabled = (EventClass)_server.Settings.NotifyKeyspaceEvents.Bits;
        if (enabled == EventClass.None || _server.IsLoading) return;
        if ((enabled & eventClass) != 0) NotifySlow(enabled, eventName, key, database);
        if (eventClass == EventClass.Hash && FieldEvents.AreAsked(enabled)) _fields.Begin(enabled, eventName, key, database);
    }

    /// <summary>The event told last is of this field of the hash: the change feed and those who listen to fields are told.</summary>
    internal void AddField(ReadOnlySpan<byte> field)
    {
        _server.Feed.AddField(field);
        if (_fields.IsOpen) _fields.Add(field);
    }

    /// <summary>Publishes what was told of fields: nothing more of them will follow.</summary>
    internal void FlushFields()
    {
        if (_fields.IsOpen) _fields.Publish();
    }

    private void NotifySlow(EventClass enabled, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        if ((enabled & EventClass.Keyspace) != 0)
            Send([.. Encoding.ASCII.GetBytes($"__keyspace@{database}__:"), .. key], eventName);
        if ((enabled & EventClass.Keyevent) != 0)
            Send([.. Encoding.ASCII.GetBytes($"__keyevent@{database}__:"), .. eventName], key);
    }

    /// <summary>Keeps a message that somebody would hear, and counts them.</summary>
    private int Hold(bool isForShard, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        int receivers = isForShard ? CountListeners(ShardChannels, channel) : CountListeners(Channels, channel) + CountByPattern(channel);
        if (receivers > 0) _held!.Add(new HeldMessage(isForShard, channel.ToArray(), message.ToArray()));
        return receivers;
    }

    private static int CountListeners(ListenerTable table, ReadOnlySpan<byte> channel) =>
        table.TryFind(channel, out LinkedList<Session>? listeners) ? listeners.Count : 0;

    private int CountByPattern(ReadOnlySpan<byte> channel)
    {
        int count = 0;
        if (Patterns.Count == 0) return count;
        foreach ((byte[] pattern, LinkedList<Session> listeners) in Patterns.Rows)
            if (Glob.IsMatch(pattern, channel)) count += listeners.Count;
        return count;
    }

    private int Deliver(
        LinkedList<Session> listeners, byte[] word, byte[]? pattern, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        byte[]? resp2 = null, resp3 = null;
        long logOffset = _server.Effects.TakeOffset();
        // By hand, since the loop over a linked list checks for changes, of which a delivery makes none.
        for (LinkedListNode<Session>? listener = listeners.First; listener is not null; listener = listener.Next)
        {
            Session session = listener.Value;
            byte[] encoded = session.Reply.Version == RespVersion.Resp3
                ? resp3 ??= MessagePush.Encode(RespVersion.Resp3, word, pattern, channel, message)
                : resp2 ??= MessagePush.Encode(RespVersion.Resp2, word, pattern, channel, message);
            session.Push(encoded, logOffset);
            OutputGuard.Enforce(session, _server);
        }
        return listeners.Count;
    }

    private readonly record struct HeldMessage(bool IsForShard, byte[] Channel, byte[] Text);
}
