using System.Runtime.InteropServices;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// Client-side caching: clients that have asked for it are told when keys change that they have read, once for each read,
/// or that begin with one of their prefixes.
/// <code>
///   GET k   ->  Remember: k, the client                  SET k   ->  Changed: k is forgotten, its readers are told
/// </code>
/// The client whose command runs is told after its reply, or that of its transaction; prefixes at the end of the turn.
/// </summary>
public sealed class KeyTracking
{
    private readonly ServerContext _server;
    private readonly TrackedKeys _keys;
    private readonly Broadcasts _broadcasts = new();
    private readonly Dictionary<long, Session> _clients = [];

    /// <summary>What the client whose command runs is to be told after its reply.</summary>
    private readonly List<Pending> _pending = [];

    /// <summary>The client whose command runs.</summary>
    private Session? _current;

    /// <summary>How often in a row the table had more keys than it may have when all that was to be done was done.</summary>
    private int _overflows;

    internal KeyTracking(ServerContext server)
    {
        _server = server;
        _keys = new TrackedKeys(server.Databases);
    }

    /// <summary>Somebody tracks keys, or has and may do so again: what is read and changed is of interest.</summary>
    public bool IsActive { get; private set; }

    public int ClientCount => _clients.Count;

    /// <summary>Keys of which somebody is to be told.</summary>
    public long KeyCount => _keys.KeyCount;

    /// <summary>Pairs of such a key and a client.</summary>
    public long ItemCount => _keys.ItemCount;

    public int PrefixCount => _broadcasts.PrefixCount;

    /// <summary>The table, whose blocks can be moved.</summary>
    internal Keyspace.Compaction.IBlockOwner Memory => _keys;

    /// <summary>Keys have changed of which <see cref="Broadcast"/> is to tell.</summary>
    internal bool HasBroadcasts => _broadcasts.HasChanges;

    /// <summary>The client tracks keys from now on, or does so otherwise than before; prefixes are added to those it has.</summary>
    internal void TurnOn(Session session, TrackingMode mode, bool skipsOwn, long redirectId, List<byte[]> prefixes)
    {
        SessionTracking tracking = session.Tracking ??= new SessionTracking();
        tracking.Mode = mode;
        tracking.SkipsOwn = skipsOwn;
        tracking.RedirectId = redirectId;
        tracking.IsRedirectBroken = false;
        _clients[session.Id] = session;
        IsActive = true;
        if (mode != TrackingMode.Broadcast) return;
        if (prefixes.Count == 0) _broadcasts.Add(session, []);
        foreach (byte[] prefix in prefixes) _broadcasts.Add(session, prefix);
    }

    /// <summary>The client tracks no keys any more. Those that it has read are kept: it may turn tracking on again.</summary>
    internal void TurnOff(Session session)
    {
        if (session.Tracking is null) return;
        _broadcasts.Remove(session);
        _clients.Remove(session.Id);
        session.Tracking = null;
        RestIfIdle();
    }

    /// <summary>The client is gone. With the last one that tracked keys goes what was remembered, for nobody comes back.</summary>
    internal void Forget(Session session)
    {
        TurnOff(session);
        if (_clients.Count > 0 || !IsActive) return;
        _keys.Clear();
        RestIfIdle();
    }

    /// <summary>A command of this client begins; what it has to tell that client waits. Returns what <see cref="Leave"/> wants.</summary>
    internal Session? Enter(Session session)
    {
        Session? outer = _current;
        if (outer is null && _clients.Count > 0) TrimForCommand();
        // Galley's own reading of a log is a part of the command that has asked for it.
        if (session.Kind != SessionKind.Internal) _current = session;
        return outer;
    }

    /// <summary>The reply is written. A command in the midst of another leaves it to that one to tell.</summary>
    internal void Leave(Session? outer)
    {
        _current = outer;
        if (outer is not null || _pending.Count == 0) return;
        foreach (Pending pending in CollectionsMarshal.AsSpan(_pending))
            if (pending.Tracker.Tracking is not null) pending.ToInvalidation().SendTo(pending.Tracker, _server);
        _pending.Clear();
    }

    /// <summary>CLIENT CACHING was for the command that has ended, or for the transaction.</summary>
    internal static void EndException(Session session)
    {
        if (session.Tracking is not { IsExcepted: true } tracking || session.Transaction.IsOpen) return;
        bool isOfClient = session.LastCommand?.Name.StartsWith("CLIENT|", StringComparison.Ordinal) ?? false;
        if (!isOfClient) tracking.IsExcepted = false;
    }

    /// <summary>A client that tracks keys has run a command that reads.</summary>
    internal void Remember(Session session, CommandInfo command, in Arguments args)
    {
        if (!session.Tracking!.RemembersReads) return;
        foreach (KeyPosition key in command.KeysOf(in args))
            if ((key.Access & KeyAccess.NotKey) == 0) _keys.Add(args[key.Argument], session.Id);
    }

    /// <summary>A key has changed, or gone.</summary>
    /// <param name="by">Who has changed it; null where its time was over.</param>
    internal void Changed(ReadOnlySpan<byte> key, Session? by)
    {
        if (_broadcasts.PrefixCount > 0) _broadcasts.Note(key, by);
        if (!_keys.TryTake(key, out ReadOnlySpan<long> clientIds)) return;
        Tell(key, clientIds);
        RestIfIdle();
    }

    /// <summary>All keys of a database, or of all, have gone: whoever tracks any is told to forget everything.</summary>
    internal void Flushed()
    {
        if (!IsActive) return;
        Invalidation? ofAll = null;
        foreach (Session client in _clients.Values)
        {
            if (IsToldAfterReply(client)) _pending.Add(new Pending(client, null));
            else (ofAll ??= Invalidation.OfAll()).SendTo(client, _server);
        }
        _keys.Clear();
        RestIfIdle();
    }

    /// <summary>
    /// Forgets keys at random, at most so many, while there are more than <c>tracking-table-max-keys</c>, and tells their
    /// readers, who know no better than that they have changed. True when there are no more.
    /// </summary>
    internal bool Trim(int count)
    {
        long most = _server.Settings.TrackingTableKeysMax;
        if (most == 0 || _clients.Count == 0) return true;
        for (; _keys.KeyCount > most; count--)
        {
            if (count <= 0) return false;
            ReadOnlySpan<byte> key = _keys.TakeRandom(out ReadOnlySpan<long> clientIds);
            Tell(key, clientIds);
        }
        return true;
    }

    /// <summary>Frees about so many keys that were forgotten together; true when none is left.</summary>
    internal bool Dig(int keys) => _keys.Dig(keys);

    /// <summary>Tells of the keys that begin with somebody's prefix and have changed in the turn that ends.</summary>
    internal void Broadcast() => _broadcasts.Send(_server);

    /// <summary>As redis-server does: 100 keys before each command, and 100 more each time that this was not enough.</summary>
    private void TrimForCommand()
    {
        const int keysPerCommand = 100;
        _overflows = Trim(keysPerCommand * (_overflows + 1)) ? 0 : _overflows + 1;
    }

    private void Tell(ReadOnlySpan<byte> key, ReadOnlySpan<long> clientIds)
    {
        Invalidation? ofKey = null;
        foreach (long id in clientIds)
        {
            // It has gone, or follows prefixes now.
            if (!_clients.TryGetValue(id, out Session? client) || client.Tracking!.Mode == TrackingMode.Broadcast) continue;
            if (client.Tracking.SkipsOwn && client == _current) continue;
            if (IsToldAfterReply(client)) _pending.Add(new Pending(client, key.ToArray()));
            else (ofKey ??= Invalidation.Of(key)).SendTo(client, _server);
        }
    }

    /// <summary>Its command runs, or that of the client which is told in its place: a reply may be half written.</summary>
    private bool IsToldAfterReply(Session client) =>
        _current is not null && (client == _current || client.Tracking!.RedirectId == _current.Id);

    private void RestIfIdle() => IsActive = _clients.Count > 0 || _keys.KeyCount > 0;

    /// <param name="Key">Null: all keys.</param>
    private readonly record struct Pending(Session Tracker, byte[]? Key)
    {
        public Invalidation ToInvalidation() => Key is null ? Invalidation.OfAll() : Invalidation.Of(Key);
    }
}
