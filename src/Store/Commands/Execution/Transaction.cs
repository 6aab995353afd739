using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>What MULTI has gathered for one client, and what it WATCHes.</summary>
public sealed class Transaction
{
    private const long SliceBytes = 8;

    private readonly List<QueuedCommand> _queue = [];
    private readonly List<WatchedKey> _watched = [];

    /// <summary>Between MULTI and EXEC.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>EXEC runs its commands.</summary>
    public bool IsRunning { get; set; }

    /// <summary>A command was refused while queueing: EXEC will abort.</summary>
    public bool HasErrors { get; set; }

    /// <summary>A watched key has changed: EXEC will do nothing.</summary>
    public bool IsStale { get; set; }

    /// <summary>Bytes that the arguments which wait take, each with the word that says where it lies.</summary>
    public long QueuedBytes { get; private set; }

    /// <summary>The flags of all commands that wait.</summary>
    public Flags QueuedFlags { get; private set; }

    public int QueuedCount => _queue.Count;

    public int WatchedCount => _watched.Count;

    /// <summary>Bytes of the names of the keys that it watches.</summary>
    public long WatchedBytes { get; private set; }

    public void Open() => IsOpen = true;

    public void Queue(CommandInfo command, in Arguments arguments)
    {
        _queue.Add(new QueuedCommand(command, arguments.Copy()));
        QueuedFlags |= command.Flags;
        QueuedBytes += arguments.TotalBytes + arguments.Count * SliceBytes;
    }

    /// <summary>Closes the transaction and hands over what was queued.</summary>
    public QueuedCommand[] Take()
    {
        QueuedCommand[] commands = [.. _queue];
        Close();
        return commands;
    }

    public void Close()
    {
        _queue.Clear();
        IsOpen = false;
        HasErrors = false;
        QueuedBytes = 0;
        QueuedFlags = Flags.None;
    }

    /// <summary>Watches a key, which must not be there any more if it has expired.</summary>
    public void Watch(Watches watches, Session session, in Key key)
    {
        int database = key.DatabaseId;
        foreach (WatchedKey watched in _watched)
            if (watched.Database == database && key.Name.SequenceEqual(watched.Key)) return;
        byte[] name = key.Name.ToArray();
        _watched.Add(new WatchedKey(database, name));
        WatchedBytes += name.Length;
        watches.Add(database, name, session);
    }

    public void Unwatch(Watches watches, Session session)
    {
        foreach (WatchedKey watched in _watched) watches.Remove(watched.Database, watched.Key, session);
        _watched.Clear();
        WatchedBytes = 0;
        IsStale = false;
    }

    /// <summary>A key that was alive when it was watched has expired since, though nobody has met it.</summary>
    public bool HasExpiredKey(Databases databases)
    {
        foreach (WatchedKey watched in _watched)
        {
            if (databases[watched.Database].Open(watched.Key).IsExpired(databases.Clock.NowMs)) return true;
        }
        return false;
    }

    private readonly record struct WatchedKey(int Database, byte[] Key);
}

/// <summary>A command that waits for EXEC.</summary>
public readonly record struct QueuedCommand(CommandInfo Command, Arguments Arguments);
