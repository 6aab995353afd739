namespace Galley.Store.Persistence.Files;

/// <summary>How a failure of the file system is told to people.</summary>
public static class FileErrors
{
    /// <summary>
    /// The words of strerror, as redis-server prints them: .NET's message is "No space left on device : '/a/path'".
    /// </summary>
    public static string Reason(IOException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        string message = failure.Message;
        int path = message.IndexOf(" : '", StringComparison.Ordinal);
        return path < 0 ? message : message[..path];
    }
}
