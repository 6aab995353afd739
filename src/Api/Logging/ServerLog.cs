using System.Globalization;
using Galley.Store.Configuration;
using LogLevel = Galley.Store.Configuration.LogLevel;

namespace Galley.Api.Logging;

/// <summary>
/// Lines as redis-server writes them, to standard output or <c>logfile</c>:
/// <c>4711:M 22 Nov 2026 22:52:40.013 * Ready to accept connections</c>.
/// </summary>
public sealed class ServerLog : IDisposable
{
    // A mark for each level, from debug to warning.
    private const string Marks = ".-*#";

    private readonly Settings _settings;
    private readonly TimeProvider _time;
    private readonly TextWriter _output;
    private readonly Lock _writing = new();

    public ServerLog(Settings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _output = settings.LogFile.Length == 0 ? Console.Out : Open(settings.LogFile);
    }

    public void Verbose(string message) => Write(LogLevel.Verbose, message);

    public void Notice(string message) => Write(LogLevel.Notice, message);

    public void Warning(string message) => Write(LogLevel.Warning, message);

    public void Write(LogLevel level, string message)
    {
        if (level < _settings.LogLevel) return;
        string time = _time.GetLocalNow().ToString("dd MMM yyyy HH:mm:ss.fff", CultureInfo.InvariantCulture);
        lock (_writing)
        {
            _output.WriteLine($"{Environment.ProcessId}:M {time} {Marks[(int)level]} {message}");
            _output.Flush();
        }
    }

    public void Dispose()
    {
        if (!ReferenceEquals(_output, Console.Out)) _output.Dispose();
    }

    private static StreamWriter Open(string path)
    {
        try
        {
            return new StreamWriter(path, append: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Can't open the log file: {error.Message}", error);
        }
    }
}
