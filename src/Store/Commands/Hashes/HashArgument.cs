using Galley.Store.Keyspace;

namespace Galley.Store.Commands.Hashes;

/// <summary>Opens the hash that a command names.</summary>
internal static class HashArgument
{
    /// <summary>
    /// Opens the key, or replies with WRONGTYPE; it may be absent. Fields whose time has passed are taken away first, as
    /// many as one command may be charged with.
    /// </summary>
    public static bool TryRead(Execution x, out Key key)
    {
        if (!x.TryRead(1, KeyType.Hash, out key)) return false;
        ExpireDue(x, ref key);
        return true;
    }

    /// <summary>As <see cref="TryRead"/>, to be changed.</summary>
    public static bool TryWrite(Execution x, out Key key)
    {
        if (!x.TryWrite(1, KeyType.Hash, out key)) return false;
        ExpireDue(x, ref key);
        return true;
    }

    /// <summary>As <see cref="TryWrite"/>, for a command that changes the field of its second argument by what it was.</summary>
    public static bool TryWriteField(Execution x, out Key key)
    {
        if (!TryWrite(x, out key)) return false;
        FieldExpirer.ExpireField(x.Server, ref key, x.Args[2]);
        return true;
    }

    private static void ExpireDue(Execution x, ref Key key)
    {
        if (key.HasFieldExpiries) FieldExpirer.ExpireDue(x.Server, ref key, FieldExpirer.FieldsPerCommand);
    }
}
