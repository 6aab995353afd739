namespace Galley.Store.Configuration;

// Each member is written in redis.conf in small letters, with a dash before every capital but the first; the order is
// that in which redis-server's errors list them.

/// <summary>When the append-only file is made durable.</summary>
public enum AppendFsync : byte { Everysec, Always, No }

public enum LogLevel : byte { Debug, Verbose, Notice, Warning }

public enum MaxMemoryPolicy : byte
{
    VolatileLru, VolatileLfu, VolatileRandom, VolatileTtl, AllkeysLru, AllkeysLfu, AllkeysRandom, Noeviction,

    /// <summary>Since Redis 8.6: the least recently modified.</summary>
    [Newer] VolatileLrm,

    /// <summary>Since Redis 8.6.</summary>
    [Newer] AllkeysLrm,
}

/// <summary>What becomes of a script that has used up its time.</summary>
public enum TimeoutAction : byte
{
    /// <summary>It is ended if it has written nothing, and runs on if it has.</summary>
    Kill,

    /// <summary>It is ended, and what it has written is undone.</summary>
    Rollback,
}

/// <summary>Who may use what could do harm: nobody, everybody, clients on this machine.</summary>
public enum Allowed : byte { No, Yes, Local }

public enum Supervision : byte { Upstart, Systemd, Auto, No }

public enum DisklessLoad : byte
{
    Disabled, OnEmptyDb, Swapdb,

    /// <summary>Since Redis 8.6.</summary>
    [Newer] Flushdb,
}

public enum OomScoreAdjust : byte { No, Yes, Relative, Absolute }

public enum DumpSanitizing : byte { No, Yes, Clients }

/// <summary>The channels of a user that no rule names.</summary>
public enum ChannelsOfUser : byte { Allchannels, Resetchannels }

/// <summary>How cluster nodes name each other to clients.</summary>
public enum EndpointKind : byte { Ip, Hostname, UnknownEndpoint }

public enum PropagationErrorBehavior : byte { Ignore, Panic, PanicOnReplicas }

/// <summary>Must a client of a TLS port bring a certificate?</summary>
public enum ClientCertificates : byte { No, Yes, Optional }

public enum SyslogFacility : byte { User, Local0, Local1, Local2, Local3, Local4, Local5, Local6, Local7 }
