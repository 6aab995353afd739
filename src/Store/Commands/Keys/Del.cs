using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>DEL and UNLINK are the same here: what is large is freed in turns after either.</summary>
internal static class Del
{
    [Command("DEL", "key [key ...]", Group.Generic, Flags.Write, Since = "1.0.0", Cost = "O(N) in the number of keys",
        Keys = "RM DELETE", Tips = "request_policy:multi_shard, response_policy:agg_sum",
        Summary = "Deletes keys.")]
    [Command("UNLINK", "key [key ...]", Group.Generic, Flags.Write | Flags.Fast, Since = "4.0.0", Cost = "O(N) in the number of keys",
        Keys = "RM DELETE", Tips = "request_policy:multi_shard, response_policy:agg_sum",
        Summary = "Deletes keys, and frees their values afterwards.", TakesNothing = Lenience.UnlinkNothing)]
    public static void Delete(Execution x)
    {
        int deleted = 0;
        for (int i = 1; i < x.Args.Count; i++)
        {
            Key key = x.Peek(i);
            if (!key.Delete()) continue;
            x.Changed(in key, EventClass.Generic, "del"u8);
            deleted++;
        }
        x.Reply.Integer(deleted);
    }
}
