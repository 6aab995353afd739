namespace Galley.Store.Configuration;

/// <summary>The files that outlive the process.</summary>
public sealed partial class Settings
{
    /// <summary>The folder of the data, as it was named; the working directory until then.</summary>
    [Parameter("dir", Change = Change.Protected)]
    [TextRule(TextRule.Folder)]
    public string Directory { get; set; } = Environment.CurrentDirectory;

    /// <summary>Galley keeps what it was told: unlike redis-server's, this default is yes.</summary>
    [Parameter("appendonly")]
    public bool AppendOnly { get; set; } = true;

    [Parameter("appendfilename", Change = Change.AtStart)]
    [TextRule(TextRule.FileName)]
    public string AppendFileName { get; set; } = "appendonly.aof";

    [Parameter("appenddirname", Change = Change.AtStart)]
    [TextRule(TextRule.FolderName)]
    public string AppendDirectoryName { get; set; } = "appendonlydir";

    [Parameter("appendfsync")]
    public AppendFsync AppendFsync { get; set; } = AppendFsync.Everysec;

    [Parameter("no-appendfsync-on-rewrite")]
    public bool NoAppendFsyncOnRewrite { get; set; }

    [Parameter("auto-aof-rewrite-percentage", Unit = Unit.Percent)]
    public int AutoAofRewritePercentage { get; set; } = 100;

    [Parameter("auto-aof-rewrite-min-size", Unit = Unit.Memory, Max = long.MaxValue)]
    public long AutoAofRewriteBytesMin { get; set; } = 64 * MiB;

    [Parameter("aof-load-truncated")]
    public bool AofLoadTruncated { get; set; } = true;

    /// <summary>So much at the end of the log may be cut off at the start when it is damaged; 0: nothing.</summary>
    [Parameter("aof-load-corrupt-tail-max-size", Unit = Unit.Memory, Max = long.MaxValue)]
    public long AofLoadCorruptTailBytesMax { get; set; }

    [Parameter("aof-timestamp-enabled")]
    public bool AofTimestampEnabled { get; set; }

    /// <summary>
    /// For tests: loading rests so long after each command; negative: a microsecond after so many. Zero: it does not.
    /// </summary>
    [Parameter("key-load-delay", Unit = Unit.Microseconds, Min = int.MinValue, Hidden = true)]
    public int KeyLoadDelayUs { get; set; }

    [Parameter("aof-use-rdb-preamble")]
    public bool AofUseRdbPreamble { get; set; } = true;

    [Parameter("save")]
    public SavePoints Save { get; set; } = SavePoints.Default;

    [Parameter("dbfilename", Change = Change.Protected)]
    [TextRule(TextRule.FileNameOrNone)]
    public string DbFileName { get; set; } = "dump.rdb";

    [Parameter("rdbcompression")]
    public bool RdbCompression { get; set; } = true;

    [Parameter("rdbchecksum", Change = Change.AtStart)]
    public bool RdbChecksum { get; set; } = true;

    [Parameter("stop-writes-on-bgsave-error")]
    public bool StopWritesOnBgsaveError { get; set; } = true;

    /// <summary>The folder, in <c>dir</c>, where BACKUP puts its files.</summary>
    [Parameter("backupdirname", Change = Change.AtStart)]
    [TextRule(TextRule.FolderName)]
    public string BackupDirectoryName { get; set; } = "backupdir";

    /// <summary>After so long a sealed backup is cleaned up by itself; 0: never.</summary>
    [Parameter("backup-sealed-ttl", Unit = Unit.Seconds)]
    public int BackupSealedTtlSeconds { get; set; }
}
