using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class CopyKey
{
    [Command("COPY", "source:key destination:key [DB destination-db:integer] [REPLACE]", Group.Generic, Flags.Write | Flags.DenyOom,
        Since = "6.2.0", Cost = "O(N) in the elements of a collection, O(1) for strings", Keys = "RO ACCESS; OW UPDATE",
        Summary = "Copies a value and its expiry to another key.")]
    public static void Copy(Execution x)
    {
        if (!TryReadOptions(x, out int database, out bool replaces)) return;
        if (database == x.Session.DatabaseId && x.Args[1].SequenceEqual(x.Args[2]))
        {
            if (x.Allows(Lenience.CopyToItself)) x.Reply.Integer(0);
            else x.Reply.Error(Errors.SameObject);
            return;
        }
        Key source = x.Read(1);
        if (!source.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        Key target = x.PeekIn(database, x.Args[2]);
        if (target.Exists && !replaces)
        {
            x.Reply.Integer(0);
            return;
        }
        KeyType? replaced = Execution.TypeOf(in target);
        source.CopyTo(ref target, source.ExpiresAtMs);
        x.Changed(in target, EventClass.Generic, "copy_to"u8);
        x.Replaced(in target, replaced, target.Type);
        x.Reply.Integer(1);
    }

    private static bool TryReadOptions(Execution x, out int database, out bool replaces)
    {
        database = x.Session.DatabaseId;
        replaces = false;
        for (int i = 3; i < x.Args.Count; i++)
        {
            if (x.Is(i, "REPLACE"u8))
            {
                replaces = true;
            }
            else if (x.Is(i, "DB"u8) && i + 1 < x.Args.Count)
            {
                if (!DatabaseArgument.TryRead(x, ++i, out database)) return false;
            }
            else
            {
                x.Reply.Error(Errors.Syntax);
                return false;
            }
        }
        return true;
    }
}
