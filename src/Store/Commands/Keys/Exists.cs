using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class Exists
{
    [Command("EXISTS", "key [key ...]", Group.Generic, Flags.ReadOnly | Flags.Fast, Since = "1.0.0",
        Cost = "O(N) in the number of keys", Keys = "RO", Tips = "request_policy:multi_shard, response_policy:agg_sum",
        Summary = "Counts the keys that are there; one that is named twice counts twice.")]
    public static void Count(Execution x)
    {
        int found = 0;
        for (int i = 1; i < x.Args.Count; i++)
            if (x.Look(i).Exists) found++;
        x.Reply.Integer(found);
    }

    [Command("TOUCH", "key [key ...]", Group.Generic, Flags.ReadOnly | Flags.Fast, Since = "3.2.1",
        Cost = "O(N) in the number of keys", Keys = "RO", Tips = "request_policy:multi_shard, response_policy:agg_sum",
        Summary = "Marks keys as used, and counts those that are there.")]
    public static void Touch(Execution x)
    {
        int found = 0;
        for (int i = 1; i < x.Args.Count; i++)
        {
            Key key = x.Look(i);
            if (!key.Exists) continue;
            // To touch is the very purpose: CLIENT NO-TOUCH does not apply.
            key.Touch();
            found++;
        }
        x.Reply.Integer(found);
    }
}
