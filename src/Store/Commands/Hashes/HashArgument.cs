using Galley.Store.Keyspace;

namespace Galley.Store.Commands.Hashes;

/// <summary>Opens the hash that a command names.</summary>
internal static class HashArgument
{
    /// <summary>Opens the key, or replies with WRONGTYPE; it may be absent.</summary>
    public static bool TryRead(Execution x, out Key key)
    {
        key = x.Read(1);
        return IsHash(x, in key);
    }

    /// <summary>As <see cref="TryRead"/>, to be changed.</summary>
    public static bool TryWrite(Execution x, out Key key)
    {
        key = x.Write(1);
        return IsHash(x, in key);
    }

    private static bool IsHash(Execution x, in Key key)
    {
        if (key.IsAbsentOr(KeyType.Hash)) return true;
        x.Reply.Error(Errors.WrongType);
        return false;
    }
}
