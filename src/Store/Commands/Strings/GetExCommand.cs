using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class GetExCommand
{
    [Command("GETEX", "key [" + Expiration.TimeGrammar + " | PERSIST]", Group.String,
        Flags.Write | Flags.Fast, Since = "6.2.0", Cost = "O(1)",
        Keys = "RW ACCESS UPDATE -- RW and UPDATE because it changes the TTL",
        Summary = "Returns the string value of a key, and may change when the key expires.")]
    public static void GetEx(Execution x)
    {
        if (!StringOptions.TryParse(x, 2, AllowedOptions.Persist, out StringOptions options)) return;
        if (!x.TryRead(1, KeyType.String, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Null();
            return;
        }
        if (!options.Expiration.TryResolve(x, out long expiresAtMs)) return;
        x.Reply.Bulk(key.String);
        if (options.Expiration.SetsTime) ExpireAt(x, ref key, expiresAtMs);
        else if (options.Expiration.Kind == ExpirationKind.Persist) Persist(x, ref key);
    }

    private static void ExpireAt(Execution x, ref Key key, long expiresAtMs)
    {
        if (expiresAtMs <= x.NowMs)
        {
            DelExCommands.Delete(x, ref key);
            return;
        }
        key.SetExpiry(expiresAtMs);
        x.Effect(3).Word("PEXPIREAT"u8).Word(key.Name).Word(expiresAtMs);
        x.Changed(in key, EventClass.Generic, "expire"u8);
    }

    private static void Persist(Execution x, ref Key key)
    {
        if (key.ExpiresAtMs < 0) return;
        key.SetExpiry(-1);
        x.Effect(2).Word("PERSIST"u8).Word(key.Name);
        x.Changed(in key, EventClass.Generic, "persist"u8);
    }
}
