using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

internal static class SAdd
{
    [Command("SADD", "key member [member ...]", Group.Set, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "1.0.0",
        Cost = "O(1) for each member", Keys = "RW INSERT", Summary = "Adds members to a set, which is made if the key is absent.")]
    public static void Run(Execution x)
    {
        if (!x.TryWrite(1, KeyType.Set, out Key key)) return;
        int added = 0;
        for (int i = 2; i < x.Args.Count; i++)
            if (SetValue.Add(ref key, x.Args[i])) added++;
        if (added > 0) x.Changed(in key, EventClass.Set, "sadd"u8);
        x.Reply.Integer(added);
    }
}
