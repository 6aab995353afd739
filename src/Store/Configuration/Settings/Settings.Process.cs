namespace Galley.Store.Configuration;

/// <summary>The process as the system sees it: how it starts, ends, and reports.</summary>
public sealed partial class Settings
{
    [Parameter("daemonize", Change = Change.AtStart)]
    public bool Daemonize { get; set; }

    [Parameter("supervised", Change = Change.AtStart)]
    public Supervision Supervised { get; set; } = Supervision.No;

    [Parameter("pidfile", Change = Change.AtStart, EmptyIsNone = true)]
    public string PidFile { get; set; } = "";

    [Parameter("always-show-logo", Change = Change.AtStart)]
    public bool AlwaysShowLogo { get; set; }

    [Parameter("shutdown-on-sigterm")]
    public ShutdownOptions ShutdownOnSigterm { get; set; } = ShutdownOptions.Default;

    [Parameter("shutdown-on-sigint")]
    public ShutdownOptions ShutdownOnSigint { get; set; } = ShutdownOptions.Default;

    [Accepted("set-proc-title", Change = Change.AtStart)]
    public bool SetProcTitle { get; set; } = true;

    [Accepted("proc-title-template")]
    [TextRule(TextRule.TitleTemplate)]
    public string ProcTitleTemplate { get; set; } = "{title} {listen-addr} {server-mode}";

    [Accepted("syslog-enabled", Change = Change.AtStart)]
    public bool SyslogEnabled { get; set; }

    [Accepted("syslog-ident", Change = Change.AtStart)]
    public string SyslogIdent { get; set; } = "redis";

    [Accepted("syslog-facility", Change = Change.AtStart)]
    public SyslogFacility SyslogFacility { get; set; } = SyslogFacility.Local0;

    /// <summary>Avoids user data in the log, which holds none.</summary>
    [Accepted("hide-user-data-from-log")]
    public bool HideUserDataFromLog { get; set; }

    [Accepted("crash-log-enabled")]
    public bool CrashLogEnabled { get; set; } = true;

    [Accepted("crash-memcheck-enabled")]
    public bool CrashMemcheckEnabled { get; set; } = true;

    [Accepted("use-exit-on-panic", Hidden = true)]
    public bool UseExitOnPanic { get; set; }

    /// <summary>As in redis-server, less than 200 is taken for 200; zero is none.</summary>
    [Accepted("watchdog-period", Unit = Unit.Milliseconds, Hidden = true)]
    public int WatchdogPeriodMs { get; set => field = value == 0 ? 0 : Math.Max(value, 200); }

    [Accepted("ignore-warnings")]
    public string IgnoreWarnings { get; set; } = "";

    [Accepted("disable-thp", Change = Change.AtStart)]
    public bool DisableTransparentHugePages { get; set; } = true;

    /// <summary>The arena's own thread gives pages back, always.</summary>
    [Accepted("jemalloc-bg-thread")]
    public bool JemallocBackgroundThread { get; set; } = true;

    [Accepted("oom-score-adj")]
    public OomScoreAdjust OomScoreAdjust { get; set; }

    [Accepted("oom-score-adj-values")]
    public OomScores OomScoreAdjustValues { get; set; } = OomScores.Default;

    [Accepted("server_cpulist", Change = Change.AtStart, EmptyIsNone = true)]
    public string ServerCpuList { get; set; } = "";

    [Accepted("bio_cpulist", Change = Change.AtStart, EmptyIsNone = true)]
    public string BackgroundCpuList { get; set; } = "";

    [Accepted("aof_rewrite_cpulist", Change = Change.AtStart, EmptyIsNone = true)]
    public string AofRewriteCpuList { get; set; } = "";

    [Accepted("bgsave_cpulist", Change = Change.AtStart, EmptyIsNone = true)]
    public string BgsaveCpuList { get; set; } = "";
}
