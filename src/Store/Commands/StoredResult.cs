using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>What the STORE forms do when there is nothing to store.</summary>
internal static class StoredResult
{
    /// <summary>Deletes the key, if it is there, and replies with 0.</summary>
    public static void Delete(Execution x, int argument)
    {
        Key target = x.Peek(argument);
        if (target.Delete()) x.Changed(in target, EventClass.Generic, "del"u8);
        x.Reply.Integer(0);
    }
}
