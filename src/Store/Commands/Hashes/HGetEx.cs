using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

/// <summary>HGETEX and HGETDEL: read fields, and change or end their lives.</summary>
internal static class HGetEx
{
    private const string Fields = "(FIELDS numfields:integer field [field ...])";

    [Command("HGETEX", "key [" + Expiration.TimeGrammar + " | PERSIST] " + Fields, Group.Hash, Flags.Write | Flags.Fast, Since = "8.0.0",
        Cost = "O(1) for each field", Keys = "RW ACCESS UPDATE -- RW and UPDATE because it changes the TTL",
        Summary = "Tells the values of fields of a hash, and may change when they expire.")]
    public static void Run(Execution x)
    {
        if (!HashArgument.TryWrite(x, out Key key)) return;
        if (!TryReadExpiration(x, out Expiration expiration, out long expiresAtMs)) return;
        if (!FieldList.TryRead(x, expiration.Argument, FieldList.NotPositive, out FieldList fields)) return;
        Span<int> done = fields.Count <= FieldList.CountOnStack ? stackalloc int[FieldList.CountOnStack] : new int[fields.Count];
        int count = 0;
        x.Reply.Array(fields.Count);
        for (int i = fields.First; i < x.Args.Count; i++)
        {
            bool isThere = HashValue.TryGet(in key, x.Args[i], out ListPackElement value, out long oldMs);
            if (isThere) value.SendTo(x.Reply);
            else x.Reply.Null();
            bool persists = expiration.Kind == ExpirationKind.Persist && oldMs != FieldLayout.Never;
            if (!isThere || (!expiration.SetsTime && !persists)) continue;
            if (persists) HashValue.SetExpiry(ref key, x.Args[i], FieldLayout.Never);
            else HExpire.Set(x, ref key, i, expiresAtMs);
            done[count++] = i;
        }
        if (count == 0) return;
        if (expiration.SetsTime) HExpire.Tell(x, ref key, expiresAtMs, done[..count]);
        else FieldTimeToLive.TellPersisted(x, in key, done[..count]);
    }

    [Command("HGETDEL", "key " + Fields, Group.Hash, Flags.Write | Flags.Fast, Since = "8.0.0", Cost = "O(1) for each field",
        Keys = "RW ACCESS DELETE", Summary = "Tells the values of fields of a hash, and takes them out.")]
    public static void AndDelete(Execution x)
    {
        if (!HashArgument.TryWrite(x, out Key key)) return;
        if (!FieldList.TryRead(x, 2, FieldList.NotPositive, out FieldList fields)) return;
        Span<int> done = fields.Count <= FieldList.CountOnStack ? stackalloc int[FieldList.CountOnStack] : new int[fields.Count];
        int count = 0;
        x.Reply.Array(fields.Count);
        for (int i = fields.First; i < x.Args.Count; i++)
        {
            if (!HashValue.TryGet(in key, x.Args[i], out ListPackElement value))
            {
                x.Reply.Null();
                continue;
            }
            value.SendTo(x.Reply);
            HashValue.Remove(ref key, x.Args[i]);
            done[count++] = i;
        }
        if (count == 0) return;
        FieldEffects.Delete(x, in key, done[..count]);
        x.Changed(in key, EventClass.Hash, "hdel"u8);
        x.OfFields(done[..count]);
        if (HashValue.IsEmpty(in key)) x.DeleteEmptied(ref key);
    }

    /// <summary>Reads the option that may stand before FIELDS; its Argument says then where FIELDS must be.</summary>
    private static bool TryReadExpiration(Execution x, out Expiration expiration, out long expiresAtMs)
    {
        expiresAtMs = FieldLayout.Never;
        expiration = new Expiration(ExpirationKind.None, 2);
        if (x.Is(2, "PERSIST"u8)) expiration = new Expiration(ExpirationKind.Persist, 3);
        else if (StringOptions.TryReadTime(x, 2, out ExpirationKind kind))
        {
            expiration = new Expiration(kind, 4);
            return FieldTime.TryRead(x, 3, kind, out expiresAtMs);
        }
        return true;
    }
}
