using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>SET, with all its options.</summary>
internal static class SetCommand
{
    private const AllowedOptions Options =
        AllowedOptions.Existence | AllowedOptions.Comparison | AllowedOptions.Get | AllowedOptions.KeepTtl;

    [Command("SET",
        "key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] "
        + "[" + Expiration.TimeGrammar + " | KEEPTTL]",
        Group.String, Flags.Write | Flags.DenyOom, Since = "1.0.0",
        Cost = "O(1); O(N) in the length of the value compared with",
        Keys = "RW ACCESS UPDATE VARIABLE_FLAGS, OW UPDATE without GET IFEQ IFNE IFDEQ IFDNE "
        + "-- RW and ACCESS due to the optional `GET` argument",
        Summary = "Gives a key a string value, whatever it held; on request only under a condition, or for a time.")]
    public static void Set(Execution x)
    {
        if (x.Args.Count > 3)
        {
            SetWithOptions(x);
            return;
        }
        Key key = x.Write(1);
        x.Replaces(in key, KeyType.String);
        key.PutString(x.Args[2], expiresAtMs: -1);
        x.Changed(in key, EventClass.String, "set"u8);
        x.Reply.Ok();
    }

    private static void SetWithOptions(Execution x)
    {
        if (!StringOptions.TryParse(x, 3, Options, out StringOptions options)) return;
        if (!options.Expiration.TryResolve(x, out long expiresAtMs) || !options.Condition.IsValid(x)) return;
        Key key = options.ReturnsOld ? x.Read(1) : x.Write(1);
        bool readsOld = options.ReturnsOld || options.Condition.ReadsValue;
        if (readsOld && !key.IsAbsentOr(KeyType.String))
        {
            x.Reply.Error(Errors.WrongType);
            return;
        }
        // Its bytes may be written over, so the old value is sent first.
        if (options.ReturnsOld) ReplyOld(x, in key);
        if (!options.Condition.Holds(x, key.Exists, options.Condition.ReadsValue ? key.String : default))
        {
            if (!options.ReturnsOld) x.Reply.Null();
            return;
        }
        if (options.Expiration.SetsTime) PutUntil(x, ref key, x.Args[2], expiresAtMs);
        else Put(x, ref key, keepsTtl: options.Expiration.Kind == ExpirationKind.KeepTtl);
        if (!options.ReturnsOld) x.Reply.Ok();
    }

    /// <summary>Writes a value that expires, and tells so: what SET EX, SETEX and MSETEX have in common.</summary>
    public static void PutUntil(Execution x, ref Key key, ReadOnlySpan<byte> value, long expiresAtMs)
    {
        x.Replaces(in key, KeyType.String);
        key.PutString(value, expiresAtMs);
        x.Effect(5).Word("SET"u8).Word(key.Name).Word(value).Word("PXAT"u8).Word(expiresAtMs);
        x.Changed(in key, EventClass.String, "set"u8);
        x.Notify(in key, EventClass.Generic, "expire"u8);
    }

    /// <summary>The log needs neither condition nor GET: that the value was written is known.</summary>
    private static void Put(Execution x, ref Key key, bool keepsTtl)
    {
        x.Replaces(in key, KeyType.String);
        key.PutString(x.Args[2], keepsTtl ? key.ExpiresAtMs : -1);
        EffectWriter effect = x.Effect(keepsTtl ? 4 : 3).Word("SET"u8).Word(key.Name).Word(x.Args[2]);
        if (keepsTtl) effect.Word("KEEPTTL"u8);
        x.Changed(in key, EventClass.String, "set"u8);
    }

    private static void ReplyOld(Execution x, in Key key)
    {
        if (key.Exists) x.Reply.Bulk(key.String);
        else x.Reply.Null();
    }
}
