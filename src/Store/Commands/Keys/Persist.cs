using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class Persist
{
    [Command("PERSIST", "key", Group.Generic, Flags.Write | Flags.Fast, Since = "2.2.0", Cost = "O(1)",
        Summary = "Lets a key live for ever.")]
    public static void Run(Execution x)
    {
        Key key = x.Write(1);
        if (key.ExpiresAtMs < 0)
        {
            x.Reply.Integer(0);
            return;
        }
        key.SetExpiry(Database.NoExpiry);
        x.Changed(in key, EventClass.Generic, "persist"u8);
        x.Reply.Integer(1);
    }
}
