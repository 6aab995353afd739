using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>What commands can reach of the server, beside the keys.</summary>
public sealed class ServerContext
{
    public ServerContext(Settings settings, Databases databases, CommandTable commands, IServerControl control)
    {
        Settings = settings;
        Databases = databases;
        Commands = commands;
        Control = control;
        StartedMs = databases.Clock.NowMs;
        UseTracking.Follow(settings, databases.Clock);
        Watches = new Watches(databases.Count);
        PubSub = new PubSubHub(this);
        Expirer = new KeyExpirer(this);
    }

    public Settings Settings { get; }

    public Databases Databases { get; }

    public CommandTable Commands { get; }

    /// <summary>What only the engine can do: end the process, rewrite files, run queued commands.</summary>
    public IServerControl Control { get; }

    public Watches Watches { get; }

    public PubSubHub PubSub { get; }

    public EffectBuffer Effects { get; } = new();

    public ServerStats Stats { get; } = new();

    public SessionTable Sessions { get; } = new();

    /// <summary>40 hexadecimal digits that no other run of the server has.</summary>
    public string RunId { get; } = System.Security.Cryptography.RandomNumberGenerator.GetHexString(40, lowercase: true);

    /// <summary>The full path of the file that configured the server, or empty.</summary>
    public string ConfigFile { get; init; } = "";

    public CollectorPauses CollectorPauses { get; } = CollectorPauses.Watch();

    /// <summary>When the server started, in milliseconds since 1970.</summary>
    public long StartedMs { get; }

    internal KeyExpirer Expirer { get; }

    /// <summary>The append-only file is being read: keys do not expire, and nothing is told.</summary>
    public bool IsLoading
    {
        get => Databases.IsLoading;
        set => Databases.IsLoading = value;
    }

    /// <summary>DEBUG SET-ACTIVE-EXPIRE.</summary>
    public bool ExpiresActively { get; set; } = true;
}
