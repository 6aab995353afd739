using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class SetRangeCommand
{
    [Command("SETRANGE", "key offset:integer value", Group.String, Flags.Write | Flags.DenyOom, Since = "2.2.0",
        Cost = "O(N) in the length of the part, and of what must grow before it",
        Summary = "Writes over a part of a string value from an offset on; zero bytes fill a gap.")]
    public static void SetRange(Execution x)
    {
        if (!x.TryInteger(2, out long offset)) return;
        if (offset < 0)
        {
            x.Reply.Error(Errors.OffsetOutOfRange);
            return;
        }
        if (!x.TryWrite(1, KeyType.String, out Key key)) return;
        ReadOnlySpan<byte> part = x.Args[3];
        int length = key.String.Length;
        if (part.IsEmpty) // Nothing to write: no growth, and no key.
        {
            x.Reply.Integer(length);
            return;
        }
        if (!StringLength.TryAdd(x, offset, part.Length, out int end)) return;
        length = Math.Max(length, end);
        part.CopyTo(key.EditString(length)[(int)offset..]);
        x.Changed(in key, EventClass.String, "setrange"u8);
        x.Reply.Integer(length);
    }
}
