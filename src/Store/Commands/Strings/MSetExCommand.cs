using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class MSetExCommand
{
    private const int FirstKey = 2;

    [Command("MSETEX",
        "numkeys:integer key value [key value ...] [NX | XX] [" + Expiration.TimeGrammar + " | KEEPTTL]",
        Group.String, Flags.Write | Flags.DenyOom, Since = "8.4.0",
        Cost = "O(N) in the number of keys", Keys = "OW UPDATE",
        Tips = "request_policy:multi_shard, response_policy:all_succeeded",
        Summary = "Gives keys string values, all or none, with one condition and one expiration for all.")]
    public static void MSetEx(Execution x)
    {
        if (!TryCount(x, out int end)) return;
        const AllowedOptions Allowed = AllowedOptions.Existence | AllowedOptions.KeepTtl;
        if (!StringOptions.TryParse(x, end, Allowed, out StringOptions options)) return;
        if (!options.Expiration.TryResolve(x, out long expiresAtMs)) return;
        for (int i = FirstKey; i < end; i += 2)
        {
            if (options.Condition.Kind == ConditionKind.None) break;
            if (options.Condition.Holds(x, x.Write(i).Exists, default)) continue;
            x.Reply.Integer(0);
            return;
        }
        for (int i = FirstKey; i < end; i += 2) Put(x, i, options.Expiration, expiresAtMs);
        x.Reply.Integer(1);
    }

    /// <summary>Each key goes to the log as a SET of its own, which redis-server 7 can read.</summary>
    private static void Put(Execution x, int argument, Expiration expiration, long expiresAtMs)
    {
        Key key = x.Write(argument);
        ReadOnlySpan<byte> value = x.Args[argument + 1];
        if (expiration.SetsTime)
        {
            SetCommand.PutUntil(x, ref key, value, expiresAtMs);
            return;
        }
        bool keepsTtl = expiration.Kind == ExpirationKind.KeepTtl;
        x.Replaces(in key, KeyType.String);
        key.PutString(value, keepsTtl ? key.ExpiresAtMs : -1);
        EffectWriter effect = x.Effect(keepsTtl ? 4 : 3).Word("SET"u8).Word(key.Name).Word(value);
        if (keepsTtl) effect.Word("KEEPTTL"u8);
        x.Changed(in key, EventClass.String, "set"u8);
    }

    private static bool TryCount(Execution x, out int end)
    {
        end = 0;
        if (!Numbers.TryParseInt64(x.Args[1], out long keys) || keys is < 1 or > int.MaxValue)
        {
            x.Reply.Error("ERR invalid numkeys value"u8);
            return false;
        }
        if (FirstKey + keys * 2 > x.Args.Count)
        {
            x.Reply.Error("ERR wrong number of key-value pairs"u8);
            return false;
        }
        end = FirstKey + (int)keys * 2;
        return true;
    }
}
