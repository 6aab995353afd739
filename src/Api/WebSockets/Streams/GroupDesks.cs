using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>An entry that a reader has given back.</summary>
/// <param name="DeliveryCount">How often it was given to somebody.</param>
/// <param name="DelayMs">How long nobody wants it.</param>
internal readonly record struct ReturnedEntry(StreamId Id, long DeliveryCount, long DelayMs);

/// <summary>
/// What the sockets of one server know of the groups that they read: who reads for which consumer (one reader each: a
/// client that comes back takes over from the connection that it has lost), and which entries were given back, and until
/// when. An entry that was given back stays pending for its consumer; when its time has come, a reader of the group with
/// credit claims it. A server that ends forgets the times: the entries are pending, as those of a consumer that has gone.
/// </summary>
internal sealed class GroupDesks : IDisposable
{
    /// <summary>Entries of all groups that wait for their time.</summary>
    private const int ReturnedMax = 1_000_000;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private readonly Dictionary<GroupKey, GroupDesk> _desks = [];
    private readonly PriorityQueue<(GroupKey Group, ReturnedEntry Entry), long> _returned = new();

    public GroupDesks(TimeProvider time)
    {
        _time = time;
        _startedAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long NowMs => (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>A reader begins; gives the one that has read for its consumer so far.</summary>
    public GroupReader? Enter(GroupReader reader)
    {
        lock (_lock) return DeskOf(reader.Terms.Key).Enter(reader);
    }

    public void Leave(GroupReader reader)
    {
        GroupReader? next;
        lock (_lock)
        {
            if (!_desks.TryGetValue(reader.Terms.Key, out GroupDesk? desk)) return;
            next = desk.Leave(reader);
            if (desk.IsEmpty) _desks.Remove(reader.Terms.Key);
        }
        next?.Wake();
    }

    /// <summary>Takes entries back, but for those that another reader has given back already; false when too many wait.</summary>
    public bool TryReturn(GroupKey group, List<ReturnedEntry> entries)
    {
        lock (_lock)
        {
            if (_returned.Count + entries.Count > ReturnedMax) return false;
            foreach (ReturnedEntry entry in entries)
            {
                if (DeskOf(group).Held.Add(entry.Id)) _returned.Enqueue((group, entry), NowMs + entry.DelayMs);
            }
        }
        Wake();
        return true;
    }

    /// <summary>Takes entries whose time has come.</summary>
    public List<ReturnedEntry> TakeDue(GroupKey group, long countMax)
    {
        List<ReturnedEntry> taken = [];
        lock (_lock)
        {
            if (!_desks.TryGetValue(group, out GroupDesk? desk)) return taken;
            while (taken.Count < countMax && desk.Due.TryDequeue(out ReturnedEntry entry))
            {
                desk.Held.Remove(entry.Id);
                taken.Add(entry);
            }
        }
        return taken;
    }

    /// <summary>The entry was given back, and nobody has it yet.</summary>
    public bool Holds(GroupKey group, StreamId id)
    {
        lock (_lock) return _desks.TryGetValue(group, out GroupDesk? desk) && desk.Held.Contains(id);
    }

    public int HeldCount(GroupKey group)
    {
        lock (_lock) return _desks.TryGetValue(group, out GroupDesk? desk) ? desk.Held.Count : 0;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Finds those whose time has come, and who may want them; sets the timer for the next.</summary>
    private void Wake()
    {
        var readers = new HashSet<GroupReader>();
        lock (_lock)
        {
            long nowMs = NowMs;
            while (_returned.TryPeek(out (GroupKey Group, ReturnedEntry Entry) next, out long dueMs))
            {
                if (dueMs > nowMs)
                {
                    _timer.Change(TimeSpan.FromMilliseconds(dueMs - nowMs), Timeout.InfiniteTimeSpan);
                    break;
                }
                _returned.Dequeue();
                if (DeskOf(next.Group).Offer(next.Entry) is { } reader) readers.Add(reader);
                else if (_desks[next.Group].IsEmpty) _desks.Remove(next.Group);
            }
        }
        foreach (GroupReader reader in readers) reader.Wake();
    }

    private GroupDesk DeskOf(GroupKey group)
    {
        if (!_desks.TryGetValue(group, out GroupDesk? desk)) _desks[group] = desk = new GroupDesk();
        return desk;
    }
}

/// <summary>One group. Under the lock of all.</summary>
internal sealed class GroupDesk
{
    private readonly List<GroupReader> _readers = [];
    private uint _next;

    /// <summary>Entries given back whose time has come, or not.</summary>
    public HashSet<StreamId> Held { get; } = [];

    public Queue<ReturnedEntry> Due { get; } = new();

    public bool IsEmpty => _readers.Count == 0 && Held.Count == 0;

    public GroupReader? Enter(GroupReader reader)
    {
        GroupReader? older = _readers.Find(other => other.Terms.Consumer == reader.Terms.Consumer);
        if (older is not null) _readers.Remove(older);
        _readers.Add(reader);
        return older;
    }

    /// <summary>Gives another reader, if there is something for it.</summary>
    public GroupReader? Leave(GroupReader reader)
    {
        _readers.Remove(reader);
        if (_readers.Count > 0) return Due.Count > 0 ? NextReader() : null;
        // What nobody of this server reads is like what a consumer that has gone has left behind.
        foreach (ReturnedEntry entry in Due) Held.Remove(entry.Id);
        Due.Clear();
        return null;
    }

    /// <summary>An entry's time has come: gives a reader that may want it, one after another; null where nobody reads.</summary>
    public GroupReader? Offer(ReturnedEntry entry)
    {
        if (_readers.Count == 0)
        {
            Held.Remove(entry.Id);
            return null;
        }
        Due.Enqueue(entry);
        return NextReader();
    }

    /// <summary>One that has credit, if there is one.</summary>
    private GroupReader NextReader()
    {
        for (int i = 0; i < _readers.Count; i++)
            if (_readers[(int)(++_next % (uint)_readers.Count)] is { HasCredit: true } reader) return reader;
        return _readers[(int)(_next % (uint)_readers.Count)];
    }
}
