using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>
/// Who listens to which channel, and the delivery of what is published. A message is encoded once a protocol version
/// and shared by all its subscribers; delivery to one is an enqueue.
/// </summary>
public sealed class PubSubHub(ServerContext server)
{
    private readonly ServerContext _server = server;
    private readonly Dictionary<byte[], List<Session>> _channels = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], List<Session>> _patterns = new(BytesComparer.Instance);

    public int PatternCount => _patterns.Count;

    public int ChannelCount => _channels.Count;

    public IEnumerable<byte[]> Channels => _channels.Keys;

    public int SubscribersOf(ReadOnlySpan<byte> channel) =>
        _channels.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(channel, out List<Session>? sessions)
            ? sessions.Count
            : 0;

    /// <summary>True when the session did not listen to it before.</summary>
    public bool Subscribe(Session session, ReadOnlySpan<byte> channel) =>
        Add(_channels, (session.Subscriptions ??= new Subscriptions()).Channels, session, channel);

    public bool SubscribePattern(Session session, ReadOnlySpan<byte> pattern) =>
        Add(_patterns, (session.Subscriptions ??= new Subscriptions()).Patterns, session, pattern);

    public bool Unsubscribe(Session session, ReadOnlySpan<byte> channel) =>
        session.Subscriptions is { } own && Remove(_channels, own.Channels, session, channel);

    public bool UnsubscribePattern(Session session, ReadOnlySpan<byte> pattern) =>
        session.Subscriptions is { } own && Remove(_patterns, own.Patterns, session, pattern);

    /// <summary>The session is gone, or RESET.</summary>
    public void Drop(Session session)
    {
        if (session.Subscriptions is not { } own) return;
        foreach (byte[] channel in own.Channels.ToArray()) Unsubscribe(session, channel);
        foreach (byte[] pattern in own.Patterns.ToArray()) UnsubscribePattern(session, pattern);
    }

    /// <summary>Delivers a message; returns how many received it.</summary>
    public int Publish(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        int receivers = 0;
        if (_channels.Count > 0
            && _channels.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(channel, out List<Session>? sessions))
        {
            receivers += Deliver(sessions, null, channel, message);
        }
        if (_patterns.Count == 0) return receivers;
        foreach ((byte[] pattern, List<Session> listeners) in _patterns)
            if (Glob.IsMatch(pattern, channel)) receivers += Deliver(listeners, pattern, channel, message);
        return receivers;
    }

    /// <summary>Tells of a keyspace event: the change feed, and listeners where <c>notify-keyspace-events</c> asks for its class.</summary>
    internal void Notify(EventClass eventClass, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        _server.Feed.Add(eventClass, eventName, key, database);
        NotifyListeners(eventClass, eventName, key, database);
    }

    /// <summary>Tells listeners alone.</summary>
    internal void NotifyListeners(EventClass eventClass, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        var enabled = (EventClass)_server.Settings.NotifyKeyspaceEvents.Bits;
        if ((enabled & eventClass) != 0 && !_server.IsLoading) NotifySlow(enabled, eventName, key, database);
    }

    private void NotifySlow(EventClass enabled, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        if ((enabled & EventClass.Keyspace) != 0)
            Publish([.. Encoding.ASCII.GetBytes($"__keyspace@{database}__:"), .. key], eventName);
        if ((enabled & EventClass.Keyevent) != 0)
            Publish([.. Encoding.ASCII.GetBytes($"__keyevent@{database}__:"), .. eventName], key);
    }

    private int Deliver(List<Session> sessions, byte[]? pattern, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        byte[]? resp2 = null, resp3 = null;
        foreach (Session session in sessions)
        {
            byte[] encoded = session.Reply.Version == RespVersion.Resp3
                ? resp3 ??= Encode(RespVersion.Resp3, pattern, channel, message)
                : resp2 ??= Encode(RespVersion.Resp2, pattern, channel, message);
            session.Push(encoded, _server.Effects.EndOffset);
            OutputGuard.Enforce(session, _server);
        }
        return sessions.Count;
    }

    private static byte[] Encode(RespVersion version, byte[]? pattern, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        var output = new OutputBuffer();
        var writer = new RespWriter(output) { Version = version };
        writer.Push(pattern is null ? 3 : 4);
        if (pattern is null)
        {
            writer.Bulk("message"u8);
        }
        else
        {
            writer.Bulk("pmessage"u8);
            writer.Bulk(pattern);
        }
        writer.Bulk(channel);
        writer.Bulk(message);
        return System.Buffers.BuffersExtensions.ToArray(output.Drain());
    }

    private static bool Add(Dictionary<byte[], List<Session>> table, HashSet<byte[]> own, Session session, ReadOnlySpan<byte> name)
    {
        byte[] key = name.ToArray();
        if (!own.Add(key)) return false;
        if (!table.TryGetValue(key, out List<Session>? sessions)) table[key] = sessions = [];
        sessions.Add(session);
        return true;
    }

    private static bool Remove(Dictionary<byte[], List<Session>> table, HashSet<byte[]> own, Session session, ReadOnlySpan<byte> name)
    {
        byte[] key = name.ToArray();
        if (!own.Remove(key)) return false;
        List<Session> sessions = table[key];
        sessions.Remove(session);
        if (sessions.Count == 0) table.Remove(key);
        return true;
    }
}
