using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Hashes;

/// <summary>
/// HIMPORT: hashes of the same fields, whose names a client sends once. What is made is a hash as any other; that equal
/// names are kept once, as redis-server may do it, is not.
/// </summary>
internal static class HImport
{
    private const int FirstField = 3;
    private const int FirstValue = 4;

    [Command("HIMPORT|PREPARE", "fieldset-name field [field ...]", Group.Hash, Flags.DenyOom, Since = "8.10.0",
        Cost = "O(N) in the fields", Tips = "request_policy:all_shards", Summary = "Gives a list of field names a name, for this client.")]
    public static void Prepare(Execution x)
    {
        var fields = new byte[x.Args.Count - FirstField][];
        var seen = new HashSet<byte[]>(fields.Length, BytesComparer.Instance);
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = x.Args[FirstField + i].ToArray();
            if (seen.Add(fields[i])) continue;
            x.Reply.Error("ERR duplicate field name in fieldset"u8);
            return;
        }
        if ((x.Session.FieldSets ??= new FieldSets()).TryPrepare(x.Args[2], fields)) x.Reply.Ok();
        else x.Reply.Error("ERR too many fieldsets, or too long ones, for one connection: discard some with HIMPORT DISCARD"u8);
    }

    [Command("HIMPORT|SET", "key fieldset-name value [value ...]", Group.Hash, Flags.Write | Flags.DenyOom, Since = "8.10.0",
        Cost = "O(N) in the fields", Keys = "OW UPDATE", Summary = "Makes a hash of prepared fields and these values, whatever was there.")]
    public static void Set(Execution x)
    {
        if (x.Session.FieldSets is null || !x.Session.FieldSets.TryFind(x.Args[3], out byte[][] fields))
        {
            x.Reply.Error("ERR no such fieldset"u8);
            return;
        }
        if (fields.Length != x.Args.Count - FirstValue)
        {
            x.Reply.Error("ERR value count does not match fieldset field count"u8);
            return;
        }
        Key key = x.Write(2);
        x.Replaces(in key, KeyType.Hash);

        // The log does not know of this client's lists: it has what HIMPORT SET comes to.
        if (key.Delete()) x.Effect(2).Word("DEL"u8).Word(key.Name);
        EffectWriter effect = x.Effect(2 + 2 * fields.Length).Word("HSET"u8).Word(key.Name);
        for (int i = 0; i < fields.Length; i++)
        {
            HashValue.Set(ref key, fields[i], x.Args[FirstValue + i]);
            effect.Word(fields[i]).Word(x.Args[FirstValue + i]);
        }
        x.Changed(in key, EventClass.Hash, "hset"u8);
        foreach (byte[] field in fields) x.Server.PubSub.AddField(field);
        x.Reply.Ok();
    }

    [Command("HIMPORT|DISCARD", "fieldset-name", Group.Hash, Flags.None, Since = "8.10.0", Cost = "O(1)",
        Tips = "request_policy:all_shards", Summary = "Forgets a list of field names of this client.")]
    public static void Discard(Execution x) => x.Reply.Integer(x.Session.FieldSets?.Discard(x.Args[2]) == true ? 1 : 0);

    [Command("HIMPORT|DISCARDALL", "", Group.Hash, Flags.None, Since = "8.10.0", Cost = "O(N) in the lists",
        Tips = "request_policy:all_shards", Summary = "Forgets all lists of field names of this client.")]
    public static void DiscardAll(Execution x) => x.Reply.Integer(x.Session.FieldSets?.DiscardAll() ?? 0);
}
