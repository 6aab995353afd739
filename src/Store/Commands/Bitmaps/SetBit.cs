using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.Bitmaps;

/// <summary>SETBIT and GETBIT.</summary>
internal static class SetBit
{
    [Command("SETBIT", "key offset:integer value:integer", Group.Bitmap, Flags.Write | Flags.DenyOom, Since = "2.2.0",
        Cost = "O(1), and O(N) in what must grow before it", Keys = "RW ACCESS UPDATE",
        Summary = "Sets or clears the bit of a string value at an offset, and returns what it was; zero bytes fill a gap.")]
    public static void Set(Execution x)
    {
        if (!BitArgument.TryReadOffset(x, 2, out long offset)) return;
        if (!Numbers.TryParseInt64(x.Args[3], out long bit) || bit is not (0 or 1))
        {
            x.Reply.Error("ERR bit is not an integer or out of range"u8);
            return;
        }
        if (!BitArgument.TryWrite(x, 1, out Key key)) return;
        int length = key.String.Length;
        int needed = (int)(offset / BitString.BitsPerByte) + 1;
        Span<byte> value = key.EditString(Math.Max(length, needed));
        bool before = BitString.Get(value, offset);
        if (needed > length || before != (bit == 1))
        {
            BitString.Set(value, offset, bit == 1);
            x.Changed(in key, EventClass.String, "setbit"u8);
        }
        x.Reply.Integer(before ? 1 : 0);
    }

    [Command("GETBIT", "key offset:integer", Group.Bitmap, Flags.ReadOnly | Flags.Fast, Since = "2.2.0", Cost = "O(1)",
        Summary = "Returns the bit of a string value at an offset; beyond its end all are 0.")]
    public static void Get(Execution x)
    {
        if (!BitArgument.TryReadOffset(x, 2, out long offset)) return;
        if (BitArgument.TryRead(x, 1, out Key key)) x.Reply.Integer(BitString.Get(key.String, offset) ? 1 : 0);
    }
}
