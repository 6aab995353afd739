using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.Bitmaps;

internal static class BitPos
{
    private const int StartArgument = 3;
    private const int EndArgument = 4;
    private const int UnitArgument = 5;

    [Command("BITPOS", "key bit:integer [start:integer [end:integer [BYTE | BIT]]]", Group.Bitmap, Flags.ReadOnly, Since = "2.8.7",
        Cost = "O(N) in the length of the part", Summary = "Finds the first bit of a string value that is set, or clear.")]
    public static void Find(Execution x)
    {
        if (!x.TryInteger(2, out long bit)) return;
        if (bit is not (0 or 1))
        {
            x.Reply.Error("ERR The bit argument must be 1 or 0."u8);
            return;
        }
        if (!BitArgument.TryRead(x, 1, out Key key)) return;
        if (!key.Exists) // A row of clear bits without an end, whatever else is asked of it.
        {
            x.Reply.Integer(bit == 0 ? 0 : -1);
            return;
        }
        if (TryReadRange(x, key.String.Length, out BitRange range)) x.Reply.Integer(Find(x, key.String, bit == 1, range));
    }

    private static long Find(Execution x, ReadOnlySpan<byte> value, bool bit, BitRange range)
    {
        if (range.IsEmpty) return -1;
        long index = BitString.IndexOf(value, bit, range.First, range.Last);
        // Clear bits follow a string whose end nobody has named.
        bool goesOn = !bit && x.Args.Count <= EndArgument;
        return index < 0 && goesOn ? range.Last + 1 : index;
    }

    private static bool TryReadRange(Execution x, int bytes, out BitRange range)
    {
        range = BitRange.All(bytes);
        if (x.Args.Count <= StartArgument) return true;
        long end = -1;
        bool inBits = false;
        if (x.Args.Count > UnitArgument + 1)
        {
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        if (!x.TryInteger(StartArgument, out long start)) return false;
        if (x.Args.Count > UnitArgument && !BitArgument.TryReadUnit(x, UnitArgument, out inBits)) return false;
        if (x.Args.Count > EndArgument && !x.TryInteger(EndArgument, out end)) return false;
        range = BitRange.Of(start, end, bytes, inBits);
        return true;
    }
}
