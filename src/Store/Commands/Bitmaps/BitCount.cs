using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.Bitmaps;

internal static class BitCount
{
    [Command("BITCOUNT", "key [start:integer [end:integer [BYTE | BIT]]]", Group.Bitmap, Flags.ReadOnly, Since = "2.6.0",
        Cost = "O(N) in the length of the part", Summary = "Counts the bits that are set in a string value, or in a part of it.")]
    public static void Count(Execution x)
    {
        if (!BitArgument.TryRead(x, 1, out Key key)) return;
        if (!key.Exists) // As in redis-server, whatever else is asked of it.
        {
            x.Reply.Integer(0);
            return;
        }
        if (!TryReadRange(x, key.String.Length, out BitRange range)) return;
        x.Reply.Integer(range.IsEmpty ? 0 : BitString.CountOnes(key.String, range.First, range.Last));
    }

    private static bool TryReadRange(Execution x, int bytes, out BitRange range)
    {
        range = BitRange.All(bytes);
        if (x.Args.Count == 2) return true;
        if (x.Args.Count > 5)
        {
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        bool inBits = false;
        long end = -1; // Where none is given, as in Valkey 8.0: redis-server wants one.
        if (!x.TryInteger(2, out long start) || (x.Args.Count > 3 && !x.TryInteger(3, out end))) return false;
        bool isBackward = start < 0 && end < 0 && start > end; // Even where both lie before the first.
        if (!isBackward && x.Args.Count == 5 && !BitArgument.TryReadUnit(x, 4, out inBits)) return false;
        range = isBackward ? BitRange.None : BitRange.Of(start, end, bytes, inBits);
        return true;
    }
}
