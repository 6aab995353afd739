namespace Galley.Store.Persistence;

/// <summary>What is stored cannot be read, or not be trusted; the message is written for the operator.</summary>
public sealed class PersistenceException : Exception
{
    public PersistenceException(string message) : base(message)
    {
    }

    public PersistenceException(string message, Exception cause) : base(message, cause)
    {
    }
}
