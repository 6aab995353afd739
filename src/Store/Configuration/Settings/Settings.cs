namespace Galley.Store.Configuration;

/// <summary>
/// What the server is told to be: one property a parameter, declared once by its attribute. The hot path reads the
/// properties; CONFIG, the file, the environment and the command line write them through <see cref="Parameters"/>.
/// The facets lie beside this file: Network, Durability, Engine, Http, Process, Security; Replication, Cluster and Tls for
/// what is not there yet, and Accepted for what Galley does not need.
/// </summary>
public sealed partial class Settings
{
    public Settings()
    {
        Parameters = new Parameters(this);
    }

    /// <summary>The same settings by name and text.</summary>
    public Parameters Parameters { get; }

    /// <summary>The full path of the file that configured the server, or empty.</summary>
    public string ConfigFilePath { get; set; } = "";

    /// <summary>The <c>rename-command</c> lines, in order: the file alone can rename.</summary>
    public List<Directive> RenamedCommands { get; } = [];

    [Parameter("loglevel")]
    public LogLevel LogLevel { get; set; } = LogLevel.Notice;

    /// <summary>Empty: standard output.</summary>
    [Parameter("logfile", Change = Change.AtStart)]
    public string LogFile { get; set; } = "";

    [Parameter("requirepass", Secret = true, EmptyIsNone = true)]
    public string RequirePass { get; set; } = "";

    [Parameter("enable-debug-command", Change = Change.AtStart)]
    public Allowed EnableDebugCommand { get; set; }

    [Parameter("enable-module-command", Change = Change.AtStart)]
    public Allowed EnableModuleCommand { get; set; }

    [Parameter("enable-protected-configs", Change = Change.AtStart)]
    public Allowed EnableProtectedConfigs { get; set; }

    [Parameter("shutdown-timeout", Unit = Unit.Seconds)]
    public int ShutdownTimeoutSeconds { get; set; } = 10;
}
