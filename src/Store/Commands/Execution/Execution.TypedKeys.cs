using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <content>Keys that must hold one type, if they are there.</content>
public sealed partial class Execution
{
    /// <summary>Opens a key to be read, or replies with WRONGTYPE; it may be absent.</summary>
    public bool TryRead(int argument, KeyType type, out Key key)
    {
        key = Read(argument);
        return IsAbsentOr(in key, type);
    }

    /// <summary>As <see cref="TryRead"/>, to be changed.</summary>
    public bool TryWrite(int argument, KeyType type, out Key key)
    {
        key = Write(argument);
        return IsAbsentOr(in key, type);
    }

    private bool IsAbsentOr(in Key key, KeyType type)
    {
        if (key.IsAbsentOr(type)) return true;
        Reply.Error(Errors.WrongType);
        return false;
    }
}
