using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Memory;

namespace Galley.Store.Engine;

/// <summary>
/// The one door to the keyspace. Every transport, REST, WebSocket, EXEC and the loading of the append-only file run
/// their commands here, under one gate, on the thread that read them.
/// </summary>
public sealed partial class GalleyEngine : ITurn, IServerControl, IDisposable
{
    private readonly Gate _gate;
    private readonly Dispatcher _dispatcher;
    private readonly EffectLog _log;
    private readonly Cron _cron;
    private readonly ResumeWork _resume;
    private IPersistence _persistence = new NoPersistence();

    public GalleyEngine(Settings settings, CommandTable commands, TimeProvider time)
    {
        var clock = new KeyspaceClock(time);
        var databases = new Databases(settings.Databases, settings.Partitions, clock, new Arena(), settings);
        Server = new ServerContext(settings, databases, commands, this);
        _log = new EffectLog(Server.Effects);
        Server.Effects.Overflows = _log.EndTurn;
        _log.Released += () => TicketReleased?.Invoke();
        _dispatcher = new Dispatcher(Server, new Admission(Server) { WriteFailure = () => WriteFailure })
        {
            Unblocked = GoOn,
            Unstored = new UnstoredKeys(_log),
        };
        _gate = new Gate(this);
        _resume = new ResumeWork(_gate, _dispatcher);
        _cron = new Cron(this);
    }

    public ServerContext Server { get; }

    /// <summary>A command has asked for the end of the process, and no turn is under way.</summary>
    public event Action<ShutdownRequest>? ShutdownRequested;

    /// <summary>Why writes are refused now, or null.</summary>
    public string? WriteFailure => Server.Saves.WriteRefusal ?? _log.Failure;

    /// <summary>Goes once through Galley's own work while there is none, so that its first turn is as short as others. Before <see cref="Start"/>.</summary>
    public void WarmUp() => _cron.WarmUp();

    /// <summary>Begins Galley's own work: expiry, freeing, snapshots, time-outs.</summary>
    public void Start() => _cron.Start();

    /// <summary>Gives the log a reader and the engine somebody to keep its data.</summary>
    public void Attach(IEffectSink? log, IPersistence? persistence)
    {
        _gate.Enter();
        AttachInTurn(log, persistence);
        _gate.Leave();
    }

    /// <summary>The same for who is in a turn already: from this command on.</summary>
    internal void AttachInTurn(IEffectSink? log, IPersistence? persistence)
    {
        _log.Attach(log);
        _persistence = persistence ?? new NoPersistence();
    }

    /// <summary>Hands the log's reader what this turn has changed so far.</summary>
    internal void EndLogTurn() => _log.EndTurn();

    /// <summary>Begins to write the keyspace down as it is now; the cron walks on. False when a walk is under way.</summary>
    public bool TryBeginSnapshot(ISnapshotSink sink, Action done) => _cron.TryBeginSnapshot(sink, done);

    /// <summary>A snapshot is being walked, and no other can begin.</summary>
    internal bool IsSnapshotUnderWay => _cron.IsSnapshotUnderWay;

    /// <summary>What the snapshot brings to this sink is wanted no more; the walk goes on if it has not ended, and nobody hears of its end.</summary>
    internal void AbandonSnapshot(ISnapshotSink owner) => _cron.AbandonSnapshot(owner);

    /// <summary>Runs an action under the gate and waits for it. Not on pool threads that serve requests.</summary>
    public void InTurn(Action action)
    {
        _gate.Enter();
        try
        {
            action();
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>A session for a door that lives on pool threads; any thread.</summary>
    /// <param name="push">Where published messages go, if the door takes any.</param>
    public Session OpenSession(SessionKind kind, string remoteAddress, ISessionOutput? push = null)
    {
        long nowMs = Server.Databases.Clock.NowMs;
        var session = new Session(Server.Sessions.NextId(), kind, new OutputBuffer(), push)
        {
            RemoteAddress = remoteAddress,
            CreatedMs = nowMs,
            LastActiveMs = nowMs,
        };
        Server.Sessions.Add(session);
        return session;
    }

    /// <summary>Ends a session; what it subscribed to and watched goes at the gate's next turn. Any thread.</summary>
    public void CloseSession(Session session) => _gate.Post(new ActionWork(() => Forget(session)));

    /// <summary>Runs the commands of a request: now if the gate is free, on its holder's thread otherwise.</summary>
    public ValueTask ExecuteAsync(DoorRequest request)
    {
        ValueTask done = request.Begin(this);
        _gate.Post(request);
        return done;
    }

    public void Dispose()
    {
        _cron.Dispose();
        _gate.Dispose();
        _interrupt.Dispose();
        Server.Databases.Dispose();
    }

    void ITurn.Begin()
    {
        if (!Server.IsBusy) Server.Databases.Clock.Update();
        _dispatcher.Unstored.AreAsked = _log.Failure is not null;
        _dispatcher.Watch.Begin();
    }

    void ITurn.End()
    {
        // A turn within a turn leaves all this to the outer one.
        if (Server.IsBusy) return;
        if (_busy != LongWork.None) EndBusy();
        if (Server.Tracking.HasBroadcasts) Server.Tracking.Broadcast();
        _log.EndTurn();
        Server.Databases.SizeLedger.Settle();
        Server.Databases.Arena.EndTurn();
    }

    void ITurn.AfterEnd(bool servesConnections)
    {
        // Under appendfsync always nearly all of its connections wait for this very flush.
        _log.Commit(mayFlush: servesConnections);
        if (_shutdown is { } request) RaiseShutdown(request);
    }

    /// <summary>Galley's own work, now; for tests, whose clock the thread of the cron does not know.</summary>
    internal void RunCron() => _gate.Post(_cron);

    internal void RunInTurn(DoorRequest request)
    {
        Session session = request.Session;
        if (session.IsForgotten)
        {
            Abandon(request);
            return;
        }
        session.LastActiveMs = Server.Databases.Clock.NowMs;
        _dispatcher.Watch.Begin();
        if (!session.IsBlocked && !(request.IsAtomic && _dispatcher.PostponesTransaction(session, request.Commands))) Run(session, request);
        NoteMemory(session);
        if (session.IsBlocked) session.Postponed.Enqueue(request);
        else Complete(request);
    }

    private void Run(Session session, DoorRequest request)
    {
        if (request.DoneCount == 0) session.HasMetData = false;
        if (request.IsAtomic)
        {
            RunAtomically(session, request.Commands);
            return;
        }
        while (request.DoneCount < request.Commands.Length && !session.IsBlocked)
            _dispatcher.Dispatch(session, in request.Commands[request.DoneCount++]);
    }

    private void Complete(DoorRequest request)
    {
        long offset = ReflectedOffset;
        request.StateNumber = Server.Effects.IsRead ? offset : Server.Stats.Commands;
        request.LogOffset = request.Session.HasMetData ? offset : 0;
        _log.CompleteWhenReleased(request);
    }

    private void RunAtomically(Session session, ReadOnlySpan<Arguments> commands)
    {
        OutputBuffer output = session.Reply.Output;
        long mark = output.Written;
        DispatchOwn(session, MultiWord);
        foreach (ref readonly Arguments command in commands) _dispatcher.Dispatch(session, in command);
        output.Truncate(mark);
        DispatchOwn(session, ExecWord);
    }

    /// <summary>A command that the engine itself has a session run.</summary>
    private void DispatchOwn(Session session, in Arguments command)
    {
        session.UsesOwnNames = true;
        _dispatcher.Dispatch(session, in command);
        session.UsesOwnNames = false;
    }

    private static readonly Arguments MultiWord = Arguments.Of("MULTI"u8.ToArray());
    private static readonly Arguments ExecWord = Arguments.Of("EXEC"u8.ToArray());
}
