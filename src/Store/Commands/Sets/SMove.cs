using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

internal static class SMove
{
    [Command("SMOVE", "source:key destination:key member", Group.Set, Flags.Write | Flags.Fast, Since = "1.0.0", Cost = "O(1)",
        Keys = "RW ACCESS DELETE; RW INSERT", Summary = "Moves a member from one set to another.")]
    public static void Run(Execution x)
    {
        Key source = x.Write(1);
        if (!source.Exists)
        {
            x.Reply.Integer(0);
            return;
        }
        bool isSet = source.Type == KeyType.Set;
        Key target = x.Write(2);
        if (!isSet || !target.IsAbsentOr(KeyType.Set)) x.Reply.Error(Errors.WrongType);
        else if (x.Args[1].SequenceEqual(x.Args[2])) x.Reply.Integer(SetValue.Contains(in target, x.Args[3]) ? 1 : 0);
        else x.Reply.Integer(TryMove(x) ? 1 : 0);
    }

    private static bool TryMove(Execution x)
    {
        // The other key, had it expired, has made this one's place in the table stale.
        Key source = x.Peek(1);
        if (!SetValue.Remove(ref source, x.Args[3])) return false;
        x.Changed(in source, EventClass.Set, "srem"u8);
        if (SetValue.Count(in source) == 0) x.DeleteEmptied(ref source);
        Key target = x.Peek(2);
        if (SetValue.Add(ref target, x.Args[3])) x.Changed(in target, EventClass.Set, "sadd"u8);
        return true;
    }
}
