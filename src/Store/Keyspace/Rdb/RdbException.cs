namespace Galley.Store.Keyspace.Rdb;

/// <summary>The bytes are not what RDB consists of, or hold what Galley does not; the message is for the log.</summary>
public sealed class RdbException(string message) : Exception(message)
{
    /// <summary>The value is whole, but a collection of nothing, which no key may hold.</summary>
    public bool IsEmptyCollection { get; private init; }

    internal static RdbException Empty => new("a collection without elements") { IsEmptyCollection = true };

    /// <summary>There are fewer bytes than those that are there say.</summary>
    public bool IsTruncation { get; private init; }

    internal static RdbException Truncated => new("the end is missing") { IsTruncation = true };

    internal static RdbException Duplicate => new("an element is there twice");

    internal static RdbException Damaged(string what) => new(what + " is damaged");
}
