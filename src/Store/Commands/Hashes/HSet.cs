using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Hashes;

/// <summary>HSET, HMSET from before it, and HSETNX.</summary>
internal static class HSet
{
    [Command("HSET", "key field value [field value ...]", Group.Hash, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.0.0",
        Cost = "O(1) for each field", Keys = "RW UPDATE", Summary = "Gives fields of a hash their values; the hash is made if the key is absent.")]
    public static void Set(Execution x)
    {
        if (TrySetAll(x, out int added)) x.Reply.Integer(added);
    }

    [Command("HMSET", "key field value [field value ...]", Group.Hash, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.0.0",
        Cost = "O(1) for each field", Keys = "RW UPDATE", DeprecatedSince = "4.0.0", ReplacedBy = "`HSET` with multiple field-value pairs",
        Summary = "Gives fields of a hash their values.")]
    public static void SetMany(Execution x)
    {
        if (TrySetAll(x, out _)) x.Reply.Ok();
    }

    [Command("HSETNX", "key field value", Group.Hash, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.0.0", Cost = "O(1)",
        Keys = "RW INSERT", Summary = "Gives a field of a hash its value, unless it has one.")]
    public static void SetIfAbsent(Execution x)
    {
        if (!HashArgument.TryWriteField(x, out Key key)) return;
        if (HashValue.Contains(in key, x.Args[2]))
        {
            x.Reply.Integer(0);
            return;
        }
        HashValue.Set(ref key, x.Args[2], x.Args[3]);
        x.Changed(in key, EventClass.Hash, "hset"u8);
        x.OfFields(first: 2, stride: 2);
        x.Reply.Integer(1);
    }

    private static bool TrySetAll(Execution x, out int added)
    {
        added = 0;
        if (x.Args.Count % 2 != 0)
        {
            x.Reply.Error(Errors.WrongArity(x.CommandName));
            return false;
        }
        if (!HashArgument.TryWrite(x, out Key key)) return false;
        for (int i = 2; i < x.Args.Count; i += 2)
            if (HashValue.Set(ref key, x.Args[i], x.Args[i + 1])) added++;
        x.Changed(in key, EventClass.Hash, "hset"u8);
        x.OfFields(first: 2, stride: 2);
        return true;
    }
}
