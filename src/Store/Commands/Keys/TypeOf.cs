using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class TypeOf
{
    [Command("TYPE", "key", Group.Generic, Flags.ReadOnly | Flags.Fast, Since = "1.0.0", Cost = "O(1)", Keys = "RO",
        Summary = "Tells the type of a key's value.")]
    public static void Type(Execution x)
    {
        Key key = x.Look(1);
        x.Reply.Simple(key.Exists ? KeyTypeNames.Of(key.Type) : "none"u8);
    }
}
