using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class GetDelCommand
{
    [Command("GETDEL", "key", Group.String, Flags.Write | Flags.Fast, Since = "6.2.0",
        Cost = "O(1)", Keys = "RW ACCESS DELETE",
        Summary = "Returns the string value of a key and deletes the key.")]
    public static void GetDel(Execution x)
    {
        if (!x.TryRead(1, KeyType.String, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Null();
            return;
        }
        x.Reply.Bulk(key.String);
        DelExCommands.Delete(x, ref key);
    }
}
