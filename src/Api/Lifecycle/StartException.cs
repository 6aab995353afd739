namespace Galley.Api.Lifecycle;

/// <summary>The server cannot start. Each line of the message is a line of the log; the last says what to do next.</summary>
public sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
