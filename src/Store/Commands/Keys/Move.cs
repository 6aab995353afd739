using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class Move
{
    [Command("MOVE", "key db:integer", Group.Generic, Flags.Write | Flags.Fast, Since = "1.0.0", Cost = "O(1)",
        Keys = "RW ACCESS UPDATE", Summary = "Moves a key to another database, unless that has such a key.")]
    public static void Run(Execution x)
    {
        if (!DatabaseArgument.TryRead(x, 2, out int database)) return;
        if (database == x.Session.DatabaseId)
        {
            x.Reply.Error(Errors.SameObject);
            return;
        }
        Key source = x.Write(1);
        if (!source.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        Key target = x.PeekIn(database, x.Args[1]);
        if (target.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        source.MoveTo(ref target, source.ExpiresAtMs);
        x.Changed(in source, EventClass.Generic, "move_from"u8);
        x.Changed(in target, EventClass.Generic, "move_to"u8);
        x.Reply.Integer(1);
    }
}
