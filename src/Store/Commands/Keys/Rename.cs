using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class Rename
{
    [Command("RENAME", "key newkey:key", Group.Generic, Flags.Write, Since = "1.0.0", Cost = "O(1)",
        Keys = "RW ACCESS DELETE; OW UPDATE", Summary = "Gives a key another name; what had that name goes.")]
    public static void Replacing(Execution x)
    {
        Key source = x.Write(1);
        if (!source.Exists)
        {
            x.Reply.Error(Errors.NoSuchKey);
            return;
        }
        if (!IsSameName(x)) Move(x, ref source, x.Write(2));
        x.Reply.Ok();
    }

    [Command("RENAMENX", "key newkey:key", Group.Generic, Flags.Write | Flags.Fast, Since = "1.0.0", Cost = "O(1)",
        Keys = "RW ACCESS DELETE; OW INSERT", Summary = "Gives a key another name, unless a key has that name.")]
    public static void IfFree(Execution x)
    {
        Key source = x.Write(1);
        if (!source.Exists)
        {
            x.Reply.Error(Errors.NoSuchKey);
            return;
        }
        Key target = x.Peek(2);
        if (IsSameName(x) || target.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        Move(x, ref source, target);
        x.Reply.Integer(1);
    }

    private static bool IsSameName(Execution x) => x.Args[1].SequenceEqual(x.Args[2]);

    private static void Move(Execution x, ref Key source, Key target)
    {
        KeyType? replaced = Execution.TypeOf(in target);
        source.MoveTo(ref target, source.ExpiresAtMs);
        x.Changed(in source, EventClass.Generic, "rename_from"u8);
        x.Changed(in target, EventClass.Generic, "rename_to"u8);
        x.Replaced(in target, replaced, target.Type);
    }
}
