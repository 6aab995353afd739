using System.Diagnostics;
using Galley.Resp.Transport;
using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Observability;

namespace Galley.Store.Engine;

/// <summary>
/// Galley's own work, on a thread of its own that only says when: expiry, freeing, snapshots, time-outs. The work runs
/// under the gate in turns far below the two milliseconds that the design allows, through the mailbox like any door's.
/// </summary>
internal sealed class Cron : ITurnWork, IDisposable
{
    /// <summary>The first sleep; later ones last as <c>hz</c> says, which is the delay of what has no due time of its own.</summary>
    private const int IntervalMs = 100;

    /// <summary>The longest sleep while clients wait for the disk, whose flushes nobody announces.</summary>
    private const int StorageIntervalMs = 10;

    /// <summary>The shortest sleep between two turns when work remains: others have the gate meanwhile.</summary>
    private const int PauseMs = 1;

    /// <summary>Entries that one step of a piece of work meets before it looks at the clock.</summary>
    private const int StepEntries = 64;

    /// <summary>Keys are weighed by prefix in a two-hundredth of the time: it is never done, and nobody waits for it.</summary>
    private const int WeighingShare = 200;

    /// <summary>Time for all of it in one turn.</summary>
    private static readonly long TurnTicks = Stopwatch.Frequency / 1000 / 2;

    /// <summary>The same while somebody waits: who comes in the midst of a turn need not sleep.</summary>
    private static readonly long WantedTurnTicks = Stopwatch.Frequency / 1000 / 5;

    private readonly GalleyEngine _engine;
    private readonly ServerContext _server;
    private readonly ActiveExpiry _expiry;
    private readonly ActiveCompaction _compaction;
    private readonly ClientTimeouts _timeouts;
    private readonly CompilerMemory _compilerMemory = new(TimeProvider.System);
    private readonly CollectorMemory _collectorMemory;
    private readonly ManualResetEventSlim _ran = new();
    private readonly AutoResetEvent _wake = new(false);
    private Thread? _thread;
    private volatile bool _stopping;
    private SnapshotWalk? _snapshot;
    private Action? _snapshotDone;
    private long _weighsAgainAt;
    private bool _workRemains;
    private bool _isStarted;
    private int _sleepMs = IntervalMs;

    public Cron(GalleyEngine engine)
    {
        _engine = engine;
        _server = engine.Server;
        _expiry = new ActiveExpiry(_server);
        _compaction = new ActiveCompaction(_server);
        _timeouts = new ClientTimeouts(_server);
        _collectorMemory = new CollectorMemory(TimeProvider.System, _server.Sessions);
    }

    /// <summary>Takes a turn with nothing to do, before any client waits for one: what is new to the processor in it is new only once.</summary>
    public void WarmUp() => _engine.Post(this);

    public void Start()
    {
        _isStarted = true;
        _thread = new Thread(Loop) { IsBackground = true, Name = "galley-cron" };
        _thread.Start();
    }

    /// <summary>Begins a snapshot of this moment; false when one is under way. Under the gate.</summary>
    public bool TryBeginSnapshot(ISnapshotSink sink, Action done)
    {
        if (_snapshot is not null) return false;
        _snapshot = SnapshotWalk.Begin(_server.Databases, sink);
        _snapshotDone = done;
        _wake.Set();
        return true;
    }

    public bool IsSnapshotUnderWay => _snapshot is not null;

    /// <summary>
    /// Walks on for the marks' sake alone, and tells nobody of the end; nothing where the walk under way, if any, is not this sink's:
    /// its own has ended, and another may have begun. Under the gate.
    /// </summary>
    public void AbandonSnapshot(ISnapshotSink owner)
    {
        if (_snapshot is null || !_snapshot.IsFor(owner)) return;
        _snapshot.Abort();
        _snapshotDone = null;
    }

    /// <summary>Something is to be done now. Any thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>One turn of all that is to be done; of nothing while DEBUG PAUSE-CRON says so.</summary>
    public void RunInTurn()
    {
        if (_server.IsCronPaused) _sleepMs = IntervalMs;
        else if (!_server.IsBusy) RunAll();
        _ran.Set();
    }

    private void RunAll()
    {
        long startedAt = Stopwatch.GetTimestamp();
        // What is freed or moved from here on is no longer as the last command left it.
        _server.Databases.SizeLedger.Settle();
        _engine.TickPersistence();
        bool expired = false, dug = false, walked = _snapshot is null, served = false, trimmed = false, compacted = false;
        bool fits = _server.Memory.Step();
        do
        {
            if (!served) served = _engine.ServeBlocked(StepEntries);
            if (!expired) expired = Expire();
            if (!dug) dug = _server.Databases.Graveyard.Dig(StepEntries) & _server.Tracking.Dig(StepEntries);
            if (!trimmed) trimmed = _server.Tracking.Trim(StepEntries);
            if (!walked) walked = WalkSnapshot();
            if (!compacted) compacted = Compact();
        }
        while (!(expired && dug && walked && served && trimmed && compacted) && HasTime(startedAt));
        _engine.ServeReady();
        Weigh();
        if (!expired) _server.Stats.ExpiryCutShort++;
        _workRemains = !(expired && dug && served && trimmed && fits) || _snapshot is not null;
        _timeouts.Tick();
        _server.Stats.Sample(_server.Databases.Clock.NowMs);
        Measure(startedAt);
        _sleepMs = _workRemains ? PauseMs : NextSleepMs();
        _server.Blocking.NextLookMs = _server.Databases.Clock.NowMs + _sleepMs;
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread?.Join();
        _ran.Dispose();
        _wake.Dispose();
    }

    private void Loop()
    {
        while (!_stopping)
        {
            _wake.WaitOne(_sleepMs);
            if (_stopping) return;
            _ran.Reset();
            _engine.Post(this);
            while (!_ran.Wait(IntervalMs) && !_stopping) { }
            _compilerMemory.Look();
            _collectorMemory.Look();
        }
    }

    private bool HasTime(long startedAt)
    {
        long elapsed = Stopwatch.GetTimestamp() - startedAt;
        return elapsed < WantedTurnTicks || (elapsed < TurnTicks && !_engine.IsGateWanted);
    }

    /// <summary>One step of expiry; true when nothing that is due remains.</summary>
    private bool Expire()
    {
        long startedAt = Stopwatch.GetTimestamp();
        bool isDone = _expiry.Step(StepEntries);
        long elapsed = Stopwatch.GetTimestamp() - startedAt;
        _server.Stats.ExpiryTicks += elapsed;
        _server.Latency.Note(LatencyEvents.ExpireCycle, elapsed);
        return isDone;
    }

    /// <summary>Goes on with the figures of KEYSPACE PREFIXES, when their share of time allows it again.</summary>
    private void Weigh()
    {
        long startedAt = Stopwatch.GetTimestamp();
        if (startedAt < _weighsAgainAt) return;
        ServerStats stats = _server.Stats;
        long changes = stats.Dirty + stats.ExpiredKeys + stats.EvictedKeys + _server.Databases.KeyCount;
        while (!_server.Databases.Weighing.Step(StepEntries, changes) && Stopwatch.GetTimestamp() - startedAt < TurnTicks) { }
        _weighsAgainAt = startedAt + (WeighingShare * (Stopwatch.GetTimestamp() - startedAt));
    }

    /// <summary>Moves blocks; what has been noted of an entry in this turn is settled first, since the entry may move.</summary>
    private bool Compact()
    {
        _server.Databases.SizeLedger.Settle();
        return _compaction.Step(StepEntries);
    }

    /// <summary>Walks on; true when there is nothing more to do in this turn.</summary>
    private bool WalkSnapshot()
    {
        if (!_snapshot!.Step(StepEntries)) return _snapshot.IsWaiting;
        _snapshot = null;
        _snapshotDone?.Invoke();
        _snapshotDone = null;
        return true;
    }

    private int NextSleepMs()
    {
        long nextMs = Math.Min(_expiry.NextDueMs(), _server.Blocking.Timeouts.NextDueMs);
        nextMs = Math.Min(nextMs, _compaction.NextDueMs);
        if (_server.Pause.IsActive) nextMs = Math.Min(nextMs, _server.Pause.UntilMs);
        long dueInMs = nextMs - _server.Databases.Clock.NowMs;
        int longestMs = _server.Blocking.AwaitingStorage.Count > 0 ? StorageIntervalMs : Math.Max(PauseMs, 1000 / _server.Settings.Hz);
        return (int)Math.Clamp(dueInMs, PauseMs, longestMs);
    }

    /// <summary>Nobody waited for the turn that warmed up.</summary>
    private void Measure(long startedAt)
    {
        if (!_isStarted) return;
        long microseconds = (long)Stopwatch.GetElapsedTime(startedAt).TotalMicroseconds;
        ServerStats stats = _server.Stats;
        stats.OwnWorkMaxMicroseconds = Math.Max(stats.OwnWorkMaxMicroseconds, microseconds);
        stats.PeakUsedBytes = Math.Max(stats.PeakUsedBytes, MemoryFigures.UsedBytesOf(_server));
    }
}
