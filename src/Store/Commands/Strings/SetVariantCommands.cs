using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>What SET does with an option today, and did as a command of its own before: SETNX, SETEX, PSETEX, GETSET.</summary>
internal static class SetVariantCommands
{
    [Command("SETNX", "key value", Group.String, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "1.0.0",
        Cost = "O(1)",
        Keys = "OW INSERT", Summary = "Gives a key a string value if it does not exist.")]
    public static void SetNx(Execution x)
    {
        Key key = x.Write(1);
        if (key.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        key.PutString(x.Args[2], expiresAtMs: -1);
        x.Changed(in key, EventClass.String, "set"u8);
        x.Reply.Integer(1);
    }

    [Command("SETEX", "key seconds:integer value", Group.String, Flags.Write | Flags.DenyOom, Since = "2.0.0",
        Cost = "O(1)",
        Keys = "OW UPDATE", Summary = "Gives a key a string value for so many seconds.")]
    public static void SetEx(Execution x) => SetFor(x, ExpirationKind.Seconds);

    [Command("PSETEX", "key milliseconds:integer value", Group.String, Flags.Write | Flags.DenyOom, Since = "2.6.0",
        Cost = "O(1)",
        Keys = "OW UPDATE", Summary = "Gives a key a string value for so many milliseconds.")]
    public static void PSetEx(Execution x) => SetFor(x, ExpirationKind.Milliseconds);

    [Command("GETSET", "key value", Group.String, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "1.0.0",
        Cost = "O(1)",
        Keys = "RW ACCESS UPDATE", DeprecatedSince = "6.2.0", ReplacedBy = "`SET` with the `GET` argument",
        Summary = "Gives a key a string value and returns the one before.")]
    public static void GetSet(Execution x)
    {
        if (!x.TryRead(1, KeyType.String, out Key key)) return;
        if (key.Exists) x.Reply.Bulk(key.String);
        else x.Reply.Null();
        x.Replaces(in key, KeyType.String);
        key.PutString(x.Args[2], expiresAtMs: -1);
        x.Effect(3).Word("SET"u8).Word(key.Name).Word(x.Args[2]);
        x.Changed(in key, EventClass.String, "set"u8);
    }

    private static void SetFor(Execution x, ExpirationKind kind)
    {
        if (!new Expiration(kind, 2).TryResolve(x, out long expiresAtMs)) return;
        Key key = x.Write(1);
        SetCommand.PutUntil(x, ref key, x.Args[3], expiresAtMs);
        x.Reply.Ok();
    }
}
