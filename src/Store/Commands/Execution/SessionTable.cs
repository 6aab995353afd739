namespace Galley.Store.Commands;

/// <summary>All sessions, by id, in the order in which they came. Any thread: a door opens its sessions outside the gate.</summary>
public sealed class SessionTable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, Session> _sessions = [];
    private long _lastId;
    private int _respCount;

    public int Count
    {
        get
        {
            lock (_lock) return _sessions.Count;
        }
    }

    /// <summary>Sessions of RESP clients, which <c>maxclients</c> bounds.</summary>
    public int RespCount => Volatile.Read(ref _respCount);

    /// <summary>The sessions there are now.</summary>
    public Session[] All
    {
        get
        {
            lock (_lock) return [.. _sessions.Values];
        }
    }

    public long NextId() => Interlocked.Increment(ref _lastId);

    public void Add(Session session)
    {
        lock (_lock) _sessions.Add(session.Id, session);
        if (session.Kind == SessionKind.Resp) Interlocked.Increment(ref _respCount);
    }

    public void Remove(Session session)
    {
        bool removed;
        lock (_lock) removed = _sessions.Remove(session.Id);
        if (removed && session.Kind == SessionKind.Resp) Interlocked.Decrement(ref _respCount);
    }

    public Session? Find(long id)
    {
        lock (_lock) return _sessions.GetValueOrDefault(id);
    }
}
