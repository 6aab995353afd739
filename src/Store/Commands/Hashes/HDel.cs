using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands.Hashes;

internal static class HDel
{
    [Command("HDEL", "key field [field ...]", Group.Hash, Flags.Write | Flags.Fast, Since = "2.0.0", Cost = "O(1) for each field",
        Keys = "RW DELETE", Summary = "Takes fields out of a hash; the last one takes the key with it.")]
    public static void Run(Execution x)
    {
        if (!HashArgument.TryWrite(x, out Key key)) return;
        int words = x.Args.Count - 2;
        Span<int> done = words <= FieldList.CountOnStack ? stackalloc int[FieldList.CountOnStack] : new int[words];
        int removed = 0;
        for (int i = 2; i < x.Args.Count && key.Exists; i++)
            if (HashValue.Remove(ref key, x.Args[i])) done[removed++] = i;
        if (removed > 0)
        {
            x.Changed(in key, EventClass.Hash, "hdel"u8);
            x.OfFields(done[..removed]);
            if (HashValue.IsEmpty(in key)) x.DeleteEmptied(ref key);
        }
        x.Reply.Integer(removed);
    }
}
