namespace Galley.Store.Configuration;

/// <summary>The server cannot start as it was told to. The message is all that the user has to see.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException(string message) : base(message) { }

    public ConfigurationException(string message, Exception inner) : base(message, inner) { }

    /// <summary>In redis-server's form, with what to do next and the full path of the file, if it was one.</summary>
    public ConfigurationException(string place, string line, string error, string nextStep, string? file = null)
        : base($"\n{Title}\nReading {place}\n>>> '{line}'\n{error}\n{nextStep}{(file is null ? "" : $"\nThe file is {file}.")}") { }

    /// <summary>Scripts look for the line that begins like this.</summary>
    public const string Title = "*** FATAL CONFIG FILE ERROR (Galley) ***";
}
