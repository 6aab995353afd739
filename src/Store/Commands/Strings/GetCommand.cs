using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class GetCommand
{
    [Command("GET", "key", Group.String, Flags.ReadOnly | Flags.Fast, Since = "1.0.0", Cost = "O(1)",
        Summary = "Returns the string value of a key.")]
    public static void Get(Execution x)
    {
        Key key = x.Read(1);
        if (!key.Exists) x.Reply.Null();
        else if (key.Type != KeyType.String) x.Reply.Error(Errors.WrongType);
        else key.SendString(x.Reply);
    }
}
