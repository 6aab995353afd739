using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class MGetCommand
{
    [Command("MGET", "key [key ...]", Group.String, Flags.ReadOnly | Flags.Fast, Since = "1.0.0",
        Cost = "O(N) in the number of keys",
        Tips = "request_policy:multi_shard",
        Summary = "Returns the string values of keys; null for what holds no string.")]
    public static void MGet(Execution x)
    {
        int count = x.Args.Count;
        x.Reply.Array(count - 1);
        for (int i = 1; i < count; i++)
        {
            Key key = x.Read(i);
            if (key.Exists && key.Type == KeyType.String) x.Reply.Bulk(key.String);
            else x.Reply.Null();
        }
    }
}
