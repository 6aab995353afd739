using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>MSET and MSETNX: several keys at once, all of them or none.</summary>
internal static class MSetCommands
{
    [Command("MSET", "key value [key value ...]", Group.String, Flags.Write | Flags.DenyOom, Since = "1.0.1",
        Cost = "O(N) in the number of keys", Keys = "OW UPDATE",
        Tips = "request_policy:multi_shard, response_policy:all_succeeded",
        Summary = "Gives keys string values, whatever they held.")]
    public static void MSet(Execution x)
    {
        if (!ArePairs(x)) return;
        PutAll(x);
        x.Reply.Ok();
    }

    [Command("MSETNX", "key value [key value ...]", Group.String, Flags.Write | Flags.DenyOom, Since = "1.0.1",
        Cost = "O(N) in the number of keys", Keys = "OW INSERT",
        Tips = "request_policy:multi_shard, response_policy:agg_min",
        Summary = "Gives keys string values if none of them exists.")]
    public static void MSetNx(Execution x)
    {
        if (!ArePairs(x)) return;
        for (int i = 1; i < x.Args.Count; i += 2)
        {
            if (!x.Write(i).Exists) continue;
            x.Reply.Integer(0);
            return;
        }
        PutAll(x);
        x.Reply.Integer(1);
    }

    private static bool ArePairs(Execution x)
    {
        if (x.Args.Count % 2 == 1) return true;
        x.Reply.Error(Errors.WrongArity(x.CommandName));
        return false;
    }

    private static void PutAll(Execution x)
    {
        int count = x.Args.Count;
        for (int i = 1; i < count; i += 2)
        {
            Key key = x.Write(i);
            x.Replaces(in key, KeyType.String);
            key.PutString(x.Args[i + 1], expiresAtMs: -1);
            x.Changed(in key, EventClass.String, "set"u8);
        }
    }
}
