using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// The prefixes of clients that track keys by them (BCAST), and the keys that have changed in this turn, to be told
/// together at its end.
/// </summary>
internal sealed class Broadcasts
{
    private readonly SortedDictionary<byte[], Prefix> _prefixes = new(BytesComparer.Instance);

    public int PrefixCount => _prefixes.Count;

    /// <summary>Keys have changed that are to be told of.</summary>
    public bool HasChanges { get; private set; }

    public void Add(Session session, byte[] prefix)
    {
        if (!session.Tracking!.Prefixes.Add(prefix)) return;
        session.Tracking.PrefixBytes += prefix.Length;
        if (!_prefixes.TryGetValue(prefix, out Prefix? entry)) _prefixes[prefix] = entry = new Prefix();
        entry.Clients.Add(session);
    }

    /// <summary>The client tracks no keys any more.</summary>
    public void Remove(Session session)
    {
        foreach (byte[] prefix in session.Tracking!.Prefixes)
        {
            Prefix entry = _prefixes[prefix];
            entry.Clients.Remove(session);
            if (entry.Clients.Count == 0) _prefixes.Remove(prefix);
        }
    }

    /// <summary>A key has changed. Of two who change it in one turn neither knows it as it is then.</summary>
    public void Note(ReadOnlySpan<byte> key, Session? by)
    {
        foreach ((byte[] prefix, Prefix entry) in _prefixes)
        {
            if (!key.StartsWith(prefix)) continue;
            entry.Note(key, by);
            HasChanges = true;
        }
    }

    /// <summary>Tells of all that has changed: one message for a prefix, with the keys in the order of their bytes.</summary>
    public void Send(ServerContext server)
    {
        HasChanges = false;
        foreach (Prefix entry in _prefixes.Values)
        {
            if (entry.HasChanges) entry.Send(server);
        }
    }

    private sealed class Prefix
    {
        /// <summary>The keys that have changed, each with the client who alone has changed it, or null.</summary>
        private readonly Dictionary<byte[], Session?> _changed = new(BytesComparer.Instance);

        public List<Session> Clients { get; } = [];

        public bool HasChanges => _changed.Count > 0;

        public void Note(ReadOnlySpan<byte> key, Session? by)
        {
            Dictionary<byte[], Session?>.AlternateLookup<ReadOnlySpan<byte>> changed = _changed.GetAlternateLookup<ReadOnlySpan<byte>>();
            changed[key] = changed.TryGetValue(key, out Session? before) && before != by ? null : by;
        }

        public void Send(ServerContext server)
        {
            List<byte[]> keys = [.. _changed.Keys];
            keys.Sort(BytesComparer.Instance);
            Invalidation? toAll = null;
            foreach (Session client in Clients)
            {
                if (client.Tracking!.SkipsOwn) SendOthers(client, keys, server);
                else (toAll ??= Invalidation.Of(keys)).SendTo(client, server);
            }
            _changed.Clear();
        }

        /// <summary>NOLOOP: without the keys that the client has changed itself.</summary>
        private void SendOthers(Session client, List<byte[]> keys, ServerContext server)
        {
            List<byte[]> others = keys.FindAll(key => _changed[key] != client);
            if (others.Count > 0) Invalidation.Of(others).SendTo(client, server);
        }
    }
}
