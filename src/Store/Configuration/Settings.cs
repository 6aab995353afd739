namespace Galley.Store.Configuration;

/// <summary>
/// What the server is told to be: one property a parameter, declared once by its attribute. The hot path reads the
/// properties; CONFIG, the file, the environment and the command line write them through <see cref="Parameters"/>.
/// The facets lie beside this file: Network, Durability, Engine, Http, and Accepted for what nothing reads.
/// </summary>
public sealed partial class Settings
{
    public Settings()
    {
        Parameters = new Parameters(this);
    }

    /// <summary>The same settings by name and text.</summary>
    public Parameters Parameters { get; }

    [Parameter("loglevel")]
    public LogLevel LogLevel { get; set; } = LogLevel.Notice;

    /// <summary>Empty: standard output.</summary>
    [Parameter("logfile", Change = Change.AtStart)]
    public string LogFile { get; set; } = "";

    [Parameter("requirepass", Secret = true)]
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
