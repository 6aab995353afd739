using System.Diagnostics.CodeAnalysis;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// Names of one kind (channels, patterns or shard channels) and who listens to each, in the order in which they came:
/// the order of delivery. Each session knows its own place in the rows, so that to leave one costs the same however many
/// listen there. A name is one array, however many listen.
/// <code>
///   "news"  -> s1 - s4 - s9        Subscriptions of s4:  "news"  -> its place in the row
///   "sport" -> s4                                        "sport" -> its place in the row
/// </code>
/// </summary>
internal sealed class ListenerTable(Func<Subscriptions, Dictionary<byte[], LinkedListNode<Session>>> own)
{
    private readonly Func<Subscriptions, Dictionary<byte[], LinkedListNode<Session>>> _own = own;
    private readonly Dictionary<byte[], LinkedList<Session>> _rows = new(BytesComparer.Instance);

    /// <summary>What a session is told when it begins to listen: <c>subscribe</c>, <c>psubscribe</c>, <c>ssubscribe</c>.</summary>
    public required byte[] JoinWord { get; init; }

    /// <summary>What it is told when it does so no more.</summary>
    public required byte[] LeaveWord { get; init; }

    /// <summary>The first word of each message: <c>message</c>, <c>pmessage</c>, <c>smessage</c>.</summary>
    public required byte[] MessageWord { get; init; }

    /// <summary>The names that have listeners.</summary>
    public int Count => _rows.Count;

    public Dictionary<byte[], LinkedList<Session>>.KeyCollection Names => _rows.Keys;

    /// <summary>Each name that has listeners, with them.</summary>
    public Dictionary<byte[], LinkedList<Session>> Rows => _rows;

    public int ListenersOf(ReadOnlySpan<byte> name) => TryFind(name, out LinkedList<Session>? row) ? row.Count : 0;

    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out LinkedList<Session>? row)
    {
        row = null;
        return _rows.Count > 0 && _rows.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out row);
    }

    /// <summary>What the session listens to here, by name; null for one that never listened to anything.</summary>
    public Dictionary<byte[], LinkedListNode<Session>>? OwnOf(Session session) =>
        session.Subscriptions is { } subscriptions ? _own(subscriptions) : null;

    /// <summary>The session listens from now on, if it did not before.</summary>
    public void Add(Session session, ReadOnlySpan<byte> name)
    {
        Dictionary<byte[], LinkedListNode<Session>> places = _own(session.Subscriptions ??= new Subscriptions());
        if (places.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(name)) return;
        if (!_rows.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out byte[]? shared, out LinkedList<Session>? row))
            _rows.Add(shared = name.ToArray(), row = new LinkedList<Session>());
        places.Add(shared, row.AddLast(session));
        session.Subscriptions.NameBytes += shared.Length;
    }

    /// <summary>The session listens no more, if it did.</summary>
    public void Remove(Session session, ReadOnlySpan<byte> name)
    {
        if (OwnOf(session) is not { } places) return;
        if (!places.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out byte[]? shared, out LinkedListNode<Session>? place)) return;
        session.Subscriptions!.NameBytes -= shared.Length;
        LinkedList<Session> row = place.List!;
        row.Remove(place);
        if (row.Count == 0) _rows.Remove(shared);
    }

    /// <summary>The session listens to nothing here any more.</summary>
    public void RemoveAll(Session session)
    {
        if (OwnOf(session) is not { Count: > 0 } places) return;
        foreach (byte[] name in places.Keys.ToArray()) Remove(session, name);
    }
}
