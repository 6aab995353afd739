using System.Diagnostics.CodeAnalysis;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// Who is blocked, and on what. Clients that wait for a key stand in its queue, first come first served; a key that is
/// told of (<see cref="Signal"/>) is noted once, and when the command, transaction or script that told has ended the
/// engine runs the commands of its queue again, key by key in the order in which they were told of.
/// <para>
/// A key that nobody waits for pays one comparison. Under the gate.
/// </para>
/// </summary>
public sealed class Blocking
{
    private readonly Dictionary<byte[], KeyQueue>[] _byDatabase;
    private readonly Dictionary<byte[], KeyQueue>.AlternateLookup<ReadOnlySpan<byte>>[] _lookups;
    private readonly Queue<KeyQueue> _ready = new();
    private int _keyCount;

    public Blocking(int databaseCount)
    {
        _byDatabase = new Dictionary<byte[], KeyQueue>[databaseCount];
        _lookups = new Dictionary<byte[], KeyQueue>.AlternateLookup<ReadOnlySpan<byte>>[databaseCount];
        for (int i = 0; i < databaseCount; i++)
        {
            _byDatabase[i] = new Dictionary<byte[], KeyQueue>(BytesComparer.Instance);
            _lookups[i] = _byDatabase[i].GetAlternateLookup<ReadOnlySpan<byte>>();
        }
    }

    /// <summary>Clients that are blocked now.</summary>
    public int Count { get; private set; }

    /// <summary>Keys that clients wait for.</summary>
    public int KeyCount => _keyCount;

    /// <summary>Those of them whose going wakes somebody, too.</summary>
    public int KeyCountOnGone { get; private set; }

    /// <summary>When the engine looks at due times next, in milliseconds since 1970.</summary>
    internal long NextLookMs { get; set; }

    internal TimeoutHeap Timeouts { get; } = new();

    /// <summary>Those that wait until the log is durable up to an offset, in the order in which they came.</summary>
    internal LinkedList<BlockedCommand> AwaitingStorage { get; } = [];

    /// <summary>A key was told of, and its queue has not been looked at.</summary>
    internal bool HasReady => _ready.Count > 0;

    /// <summary>Something has happened to a key: who waits for it may want to know.</summary>
    public void Signal(int database, ReadOnlySpan<byte> key)
    {
        if (_keyCount > 0) SignalSlow(database, key);
    }

    /// <summary>All keys of a database may have changed (FLUSHDB, SWAPDB).</summary>
    public void SignalAll(int database)
    {
        foreach (KeyQueue queue in _byDatabase[database].Values) MakeReady(queue);
    }

    internal bool TryTakeReady([NotNullWhen(true)] out KeyQueue? queue)
    {
        if (!_ready.TryDequeue(out queue)) return false;
        queue.IsReady = false;
        return true;
    }

    /// <summary>Has a command wait that has not begun, for the end of a pause.</summary>
    internal void Postpone(BlockedCommand blocked, ClientPause pause)
    {
        Hold(blocked);
        blocked.PausePlace = pause.Waiting.AddLast(blocked);
    }

    /// <summary>Blocks the client of the command; true when it is due before the engine looks next.</summary>
    internal bool Add(BlockedCommand blocked)
    {
        Hold(blocked);
        BlockingTerms terms = blocked.Terms;
        for (int i = 0; i < terms.KeyCount; i++) Stand(blocked, terms.FirstKey + i);
        if (terms.DurableOffset > 0) blocked.StoragePlace = AwaitingStorage.AddLast(blocked);
        if (blocked.DueMs < long.MaxValue) Timeouts.Add(blocked);
        return blocked.DueMs < NextLookMs || terms.DurableOffset > 0;
    }

    /// <summary>A blocked command that runs again by itself does so at this time next; 0: it does so no more.</summary>
    internal void Reschedule(BlockedCommand blocked, long retryAtMs)
    {
        Timeouts.Remove(blocked);
        blocked.SetRetry(retryAtMs);
        if (blocked.DueMs < long.MaxValue) Timeouts.Add(blocked);
    }

    /// <summary>The client is blocked no more: it leaves every queue.</summary>
    internal void Remove(BlockedCommand blocked)
    {
        blocked.Session.Blocked = null;
        Count--;
        Timeouts.Remove(blocked);
        if (blocked.StoragePlace is { } place) place.List!.Remove(place);
        if (blocked.PausePlace is { } paused) paused.List!.Remove(paused);
        foreach (LinkedListNode<WaitingPlace> node in blocked.Places) Leave(node);
        blocked.Places.Clear();
    }

    private void Hold(BlockedCommand blocked)
    {
        blocked.Session.Blocked = blocked;
        blocked.Session.Connection?.Pause();
        Count++;
    }

    private void Stand(BlockedCommand blocked, int argument)
    {
        int database = blocked.Session.DatabaseId;
        ReadOnlySpan<byte> key = blocked.Arguments[argument];
        if (!_lookups[database].TryGetValue(key, out KeyQueue? queue))
        {
            queue = new KeyQueue(database, key.ToArray());
            _byDatabase[database].Add(queue.Key, queue);
            _keyCount++;
        }
        // Who names a key twice waits for it once.
        if (queue.Places.Last is { } last && last.Value.Blocked == blocked) return;
        blocked.Places.Add(queue.Places.AddLast(new WaitingPlace(queue, blocked, argument)));
        if (blocked.Terms.WakesWhenGone && queue.WakingWhenGone++ == 0) KeyCountOnGone++;
    }

    private void Leave(LinkedListNode<WaitingPlace> node)
    {
        KeyQueue queue = node.Value.Queue;
        queue.Places.Remove(node);
        if (node.Value.Blocked.Terms.WakesWhenGone && --queue.WakingWhenGone == 0) KeyCountOnGone--;
        if (queue.Places.Count > 0) return;
        _byDatabase[queue.Database].Remove(queue.Key);
        _keyCount--;
    }

    private void SignalSlow(int database, ReadOnlySpan<byte> key)
    {
        if (_lookups[database].TryGetValue(key, out KeyQueue? queue)) MakeReady(queue);
    }

    private void MakeReady(KeyQueue queue)
    {
        if (queue.IsReady) return;
        queue.IsReady = true;
        _ready.Enqueue(queue);
    }
}
