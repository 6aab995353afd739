using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Sets;

internal static class SRem
{
    [Command("SREM", "key member [member ...]", Group.Set, Flags.Write | Flags.Fast, Since = "1.0.0",
        Cost = "O(1) for each member", Keys = "RW DELETE", Summary = "Takes members out of a set; the last one takes the key with it.")]
    public static void Run(Execution x)
    {
        if (!x.TryWrite(1, KeyType.Set, out Key key)) return;
        int removed = 0;
        for (int i = 2; i < x.Args.Count && SetValue.Count(in key) > 0; i++)
            if (SetValue.Remove(ref key, x.Args[i])) removed++;
        if (removed > 0)
        {
            x.Changed(in key, EventClass.Set, "srem"u8);
            if (SetValue.Count(in key) == 0) x.DeleteEmptied(ref key);
        }
        x.Reply.Integer(removed);
    }
}
