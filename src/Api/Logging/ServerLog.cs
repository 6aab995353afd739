using System.Globalization;
using Galley.Store.Configuration;
using LogLevel = Galley.Store.Configuration.LogLevel;

namespace Galley.Api.Logging;

/// <summary>
/// Lines as redis-server writes them, to standard output or <c>logfile</c>:
/// <c>4711:M 22 Nov 2026 22:52:40.013 * Ready to accept connections</c>. The file is opened for each line, so that who
/// rotates it need not tell the server. A line that cannot be written is lost, and stops nothing.
/// </summary>
public sealed class ServerLog
{
    // A mark for each level, from debug to warning.
    private const string Marks = ".-*#";

    private readonly Settings _settings;
    private readonly TimeProvider _time;
    private readonly TextWriter _output;
    private readonly Lock _writing = new();

    /// <param name="output">Takes the lines where there is no <c>logfile</c>; null is standard output.</param>
    public ServerLog(Settings settings, TimeProvider time, TextWriter? output = null)
    {
        _settings = settings;
        _time = time;
        _output = output ?? Console.Out;
    }

    /// <summary>Who writes: <c>C</c> before the server is one, then <c>M</c> for a master.</summary>
    public char Role { get; set; } = 'M';

    /// <summary><c>logfile</c> in full, from the folder of the data as in redis-server; null for standard output.</summary>
    private string? FilePath => _settings.LogFile.Length == 0 ? null : Path.GetFullPath(_settings.LogFile, _settings.Directory);

    /// <summary>Opens <c>logfile</c> once: a server that could not write it should not start.</summary>
    /// <exception cref="ConfigurationException">It cannot be opened.</exception>
    public void DemandWritable()
    {
        if (FilePath is not { } path) return;
        try
        {
            using var file = new FileStream(path, FileMode.Append);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"\n{ConfigurationException.Title}\nCan't open the log file: {Reason(error, path)}\n"
                + $"Make its folder, let this user write {path}, or name another 'logfile'.");
        }
    }

    public void Debug(string message) => Write(LogLevel.Debug, message);

    public void Verbose(string message) => Write(LogLevel.Verbose, message);

    public void Notice(string message) => Write(LogLevel.Notice, message);

    public void Warning(string message) => Write(LogLevel.Warning, message);

    public void Write(LogLevel level, string message)
    {
        if (level < _settings.LogLevel) return;
        string time = _time.GetLocalNow().ToString("dd MMM yyyy HH:mm:ss.fff", CultureInfo.InvariantCulture);
        WriteRaw($"{Environment.ProcessId}:{Role} {time} {Marks[(int)level]} {message}");
    }

    /// <summary>What happens on a signal is written in a form of its own.</summary>
    public void FromSignal(string message) =>
        WriteRaw($"{Environment.ProcessId}:signal-handler ({_time.GetUtcNow().ToUnixTimeSeconds()}) {message}");

    /// <summary>Text as it is, whatever the level.</summary>
    public void WriteRaw(string text)
    {
        lock (_writing)
        {
            try
            {
                if (FilePath is { } path) File.AppendAllText(path, text + "\n");
                else _output.Write(text + "\n");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The disk is full, or the folder gone: there is nobody left to tell.
            }
        }
    }

    private static string Reason(Exception error, string path) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "No such file or directory",
        UnauthorizedAccessException when Directory.Exists(path) => "Is a directory",
        UnauthorizedAccessException => "Permission denied",
        _ => error.Message,
    };
}
