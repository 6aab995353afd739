using HostLevel = Microsoft.Extensions.Logging.LogLevel;
using Level = Galley.Store.Configuration.LogLevel;

namespace Galley.Api.Logging;

/// <summary>
/// Puts the host's own warnings into the server's log. Nothing below a warning: the host would write down addresses,
/// and those may hold a token.
/// </summary>
internal sealed class HostLogging(ServerLog log) : ILoggerProvider
{
    // Kestrel takes a client that vanished while it was sending for a mistake of the program.
    private const string VanishedClient = "RequestBodyDrainBodyReaderInvalidState";

    private readonly ServerLog _log = log;

    public ILogger CreateLogger(string categoryName) => new HostLogger(_log, categoryName);

    public void Dispose() { }

    private sealed class HostLogger(ServerLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(HostLevel logLevel) => logLevel >= HostLevel.Warning;

        public void Log<TState>(
            HostLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || eventId.Name == VanishedClient) return;
            string reason = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
            log.Write(Level.Warning, $"HTTP: {formatter(state, exception)}{reason} [{category}]");
        }
    }
}
