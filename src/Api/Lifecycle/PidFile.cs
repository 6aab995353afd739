using System.Globalization;
using Galley.Api.Logging;
using Galley.Store.Configuration;

namespace Galley.Api.Lifecycle;

/// <summary><c>pidfile</c>: where the process id stands while the server runs.</summary>
internal sealed class PidFile
{
    /// <summary>redis-server's own place for a daemon that names none: scripts look there.</summary>
    private const string DaemonsDefault = "/var/run/redis.pid";

    private readonly string _path;
    private readonly ServerLog _log;

    private PidFile(string path, ServerLog log)
    {
        _path = path;
        _log = log;
    }

    /// <summary>Writes the file, or null where none is wanted. A server that cannot write it runs nevertheless.</summary>
    /// <param name="isDaemon">It is written even if no name was given.</param>
    public static PidFile? Write(Settings settings, bool isDaemon, ServerLog log)
    {
        if (settings.PidFile.Length == 0 && isDaemon) settings.PidFile = DaemonsDefault;
        if (settings.PidFile.Length == 0) return null;
        string path = Path.GetFullPath(settings.PidFile, settings.Directory);
        try
        {
            File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Warning($"Failed to write PID file: {error.Message} Make its folder, or name another 'pidfile'.");
        }
        return new PidFile(path, log);
    }

    public void Remove()
    {
        _log.Notice("Removing the pid file.");
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It could not be written either, or its folder has gone since.
        }
    }
}
