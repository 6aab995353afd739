using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>What commands can reach of the server, beside the keys.</summary>
public sealed class ServerContext
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly CommandLog[] _commandLogs = [new(), new(), new()];

    public ServerContext(Settings settings, Databases databases, CommandTable commands, IServerControl control)
    {
        Settings = settings;
        Databases = databases;
        Commands = commands;
        Control = control;
        CommandStats = new CommandStats(commands.All.Length);
        StartedMs = databases.Clock.NowMs;
        UseTracking.Follow(settings, databases.Clock);
        Watches = new Watches(databases.Count);
        Tracking = new KeyTracking(this);
        Blocking = new Blocking(databases.Count);
        PubSub = new PubSubHub(this);
        Feed = new ChangeFeed(this);
        Monitors = new MonitorFeed(this);
        HotKeys = new HotKeysWatch(this);
        Latency = new LatencyMonitor(() => databases.Clock.ReadMicroseconds() / MicrosecondsPerSecond);
        Expirer = new KeyExpirer(this);
        Saves = new NoSaves(StartedMs);
        Memory = new MemoryGuard(this);
        Backups = new NoBackups();
    }

    public Settings Settings { get; }

    public Databases Databases { get; }

    public CommandTable Commands { get; }

    /// <summary>What only the engine can do: end the process, rewrite files, run queued commands.</summary>
    public IServerControl Control { get; }

    public Watches Watches { get; }

    /// <summary>The clients that cache keys, and are told when those change.</summary>
    public KeyTracking Tracking { get; }

    public Blocking Blocking { get; }

    internal PasswordDigest Password { get; } = new();

    public ClientPause Pause { get; } = new();

    public PubSubHub PubSub { get; }

    /// <summary>The streams of keyspace events.</summary>
    public ChangeFeed Feed { get; }

    public EffectBuffer Effects { get; } = new();

    public ServerStats Stats { get; } = new();

    /// <summary>What each command has done, by its index in the table.</summary>
    public CommandStats CommandStats { get; }

    /// <summary>Commands that took long, of SLOWLOG and COMMANDLOG.</summary>
    public CommandLog SlowLog => CommandLogOf(CommandLogKind.Slow);

    /// <summary>Commands that had too much of something, for each kind of it.</summary>
    public CommandLog CommandLogOf(CommandLogKind kind) => _commandLogs[(int)kind];

    public LatencyMonitor Latency { get; }

    /// <summary>What HOTKEYS finds out.</summary>
    public HotKeysWatch HotKeys { get; }

    /// <summary>The clients of MONITOR.</summary>
    public MonitorFeed Monitors { get; }

    public SessionTable Sessions { get; } = new();

    /// <summary>40 hexadecimal digits that no other run of the server has.</summary>
    public string RunId { get; } = NewId();

    /// <summary>As <see cref="RunId"/>, the name of the history of changes that replicas follow.</summary>
    public string ReplicationId { get; private set; } = NewId();

    /// <summary>The full path of the file that configured the server, or empty.</summary>
    public string ConfigFile => Settings.ConfigFilePath;

    /// <summary>The same file for CONFIG REWRITE; null where there is none.</summary>
    public IConfigStorage? ConfigStorage { get; set; }

    /// <summary>Who supervises the process, as INFO tells it.</summary>
    public string Supervisor { get; set; } = "no";

    public CollectorPauses CollectorPauses { get; } = CollectorPauses.Watch();

    /// <summary>When the server started, in milliseconds since 1970.</summary>
    public long StartedMs { get; }

    internal KeyExpirer Expirer { get; }

    /// <summary>Keeps the memory within its limits.</summary>
    public MemoryGuard Memory { get; }

    /// <summary>Who saves the keyspace as RDB files; the host sets it.</summary>
    public ISaves Saves { get; set; }

    /// <summary>Scripts and functions; the host sets it, or the first command that needs them.</summary>
    public IScripting Scripting { get; set; } = new NoScripting();

    /// <summary>Who makes backups; the host sets it.</summary>
    public IBackups Backups { get; set; }

    /// <summary>The append-only file is being read: keys do not expire, and nothing is told.</summary>
    public bool IsLoading
    {
        get => Databases.IsLoading;
        set => Databases.IsLoading = value;
    }

    /// <summary>How far the reading has come, while it lasts.</summary>
    public LoadingProgress? Loading { get; internal set; }

    /// <summary>What lends the gate just now: no command but those flagged <see cref="Flags.AllowBusy"/> may run in its midst.</summary>
    public LongWork BusyWith { get; internal set; }

    public bool IsBusy => BusyWith != LongWork.None;

    /// <summary>DEBUG SET-ACTIVE-EXPIRE.</summary>
    public bool ExpiresActively { get; set; } = true;

    /// <summary>DEBUG PAUSE-CRON: Galley's own work stands still.</summary>
    public bool IsCronPaused { get; set; }

    /// <summary>DEBUG SET-SKIP-CHECKSUM-VALIDATION: RESTORE and the reading of RDB files ask for no checksum.</summary>
    public bool SkipsChecksums { get; set; }

    /// <summary>Writes what DUMP replies; whoever uses it clears it.</summary>
    internal RdbWriter DumpWriter => field ??= new RdbWriter(Settings);

    /// <summary>Takes lines for the server's log; the host sets it.</summary>
    public Action<LogLevel, string> Log { get; set; } = static (_, _) => { };

    /// <summary>A key has changed, or gone: who watches it, or has it in a cache, is told.</summary>
    /// <param name="by">Who has changed it; null where nobody has, but time.</param>
    internal void Touch(int database, ReadOnlySpan<byte> key, Session? by)
    {
        Watches.Touch(database, key);
        if (Tracking.IsActive) Tracking.Changed(key, by);
    }

    /// <summary>DEBUG CHANGE-REPL-ID: from here on the history is another.</summary>
    public void ChangeReplicationId() => ReplicationId = NewId();

    private static string NewId() => System.Security.Cryptography.RandomNumberGenerator.GetHexString(40, lowercase: true);
}
