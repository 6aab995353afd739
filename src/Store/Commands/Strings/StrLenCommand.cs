using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class StrLenCommand
{
    [Command("STRLEN", "key", Group.String, Flags.ReadOnly | Flags.Fast, Since = "2.2.0", Cost = "O(1)", Keys = "RO",
        Summary = "Returns the length of a string value in bytes.")]
    public static void StrLen(Execution x)
    {
        if (x.TryRead(1, KeyType.String, out Key key)) x.Reply.Integer(key.String.Length);
    }
}
