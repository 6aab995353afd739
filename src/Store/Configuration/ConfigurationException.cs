namespace Galley.Store.Configuration;

/// <summary>The server cannot start as it was told to. The message is all that the user has to see.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException(string message) : base(message) { }

    public ConfigurationException(string message, Exception inner) : base(message, inner) { }

    public ConfigurationException(string place, string line, string error, string nextStep)
        : base($"\n*** FATAL CONFIG FILE ERROR (Galley) ***\nReading {place}\n>>> '{line}'\n{error}\n{nextStep}") { }
}
