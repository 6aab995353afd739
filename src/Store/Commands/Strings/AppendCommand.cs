using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class AppendCommand
{
    [Command("APPEND", "key value", Group.String, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.0.0",
        Cost = "O(N) in the length of what is added", Keys = "RW INSERT",
        Summary = "Adds to the end of a string value, or creates it.")]
    public static void Append(Execution x)
    {
        if (!x.TryWrite(1, KeyType.String, out Key key)) return;
        ReadOnlySpan<byte> more = x.Args[2];
        int length = more.Length;
        if (!key.Exists)
        {
            key.PutString(more, expiresAtMs: -1);
        }
        else
        {
            int before = key.String.Length;
            if (!StringLength.TryAdd(x, before, more.Length, out length)) return;
            more.CopyTo(key.EditString(length)[before..]);
        }
        x.Changed(in key, EventClass.String, "append"u8);
        x.Reply.Integer(length);
    }
}
