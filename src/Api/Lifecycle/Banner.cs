using Galley.Api.Configuration;
using Galley.Api.Logging;
using Galley.Store.Commands;
using Galley.Store.Configuration;

namespace Galley.Api.Lifecycle;

/// <summary>The first lines of the log: scripts read the version, the process id and the port from them.</summary>
internal static class Banner
{
    public static void WriteStart(ServerLog log, StartUp startUp)
    {
        log.Warning("oO0OoO0OoO0Oo Galley is starting oO0OoO0OoO0Oo");
        log.Warning($"Galley version={ServerVersion.Galley}, Redis version={ServerVersion.Redis}, bits={IntPtr.Size * 8}, "
            + $"pid={Environment.ProcessId}, just started");
        log.Warning(startUp.IsUnconfigured
            ? "Warning: no config file specified, using the default config. In order to specify a config file use galley /path/to/redis.conf"
            : "Configuration loaded");
    }

    /// <summary>The logo, where somebody looks at a terminal or asked for it; a line with the same facts otherwise.</summary>
    public static void WriteMode(ServerLog log, Settings settings)
    {
        bool isWatched = settings.LogFile.Length == 0 && !settings.Daemonize && !Console.IsOutputRedirected;
        if (isWatched || settings.AlwaysShowLogo) log.WriteRaw(Logo(settings.Port));
        else log.Notice($"Running mode=standalone, port={settings.Port}.");
    }

    private static string Logo(int port) => $"""

                      |\
                      | \
                      |  \            Galley {ServerVersion.Galley} (Redis {ServerVersion.Redis}) {IntPtr.Size * 8} bit
                      |   \
                      |____\          Running in standalone mode
            \_________|__________/    Port: {port}
             \  o  o  o  o  o  o/     PID: {Environment.ProcessId}
          ~~~~\_/__/__/__/__/__/~~~~
               /  /  /  /  /  /

        """;
}
