using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>INCR, DECR, INCRBY, DECRBY: a string value as a counter of 64 bits.</summary>
internal static class IncrementCommands
{
    private const Flags Counting = Flags.Write | Flags.DenyOom | Flags.Fast;
    private const string Counter = "RW ACCESS UPDATE";

    [Command("INCR", "key", Group.String, Counting, Since = "1.0.0", Cost = "O(1)", Keys = Counter,
        Summary = "Adds one to the integer that a key holds, 0 if it is absent.")]
    public static void Incr(Execution x) => Add(x, 1);

    [Command("DECR", "key", Group.String, Counting, Since = "1.0.0", Cost = "O(1)", Keys = Counter,
        Summary = "Takes one from the integer that a key holds, 0 if it is absent.")]
    public static void Decr(Execution x) => Add(x, -1);

    [Command("INCRBY", "key increment:integer", Group.String, Counting, Since = "1.0.0", Cost = "O(1)", Keys = Counter,
        Summary = "Adds to the integer that a key holds, 0 if it is absent.")]
    public static void IncrBy(Execution x)
    {
        if (x.TryInteger(2, out long increment)) Add(x, increment);
    }

    [Command("DECRBY", "key decrement:integer", Group.String, Counting, Since = "1.0.0", Cost = "O(1)", Keys = Counter,
        Summary = "Takes from the integer that a key holds, 0 if it is absent.")]
    public static void DecrBy(Execution x)
    {
        if (!x.TryInteger(2, out long decrement)) return;
        if (decrement == long.MinValue) x.Reply.Error("ERR decrement would overflow"u8);
        else Add(x, -decrement);
    }

    private static void Add(Execution x, long increment)
    {
        Key key = x.Write(1);
        if (!TryValue(x, in key, out long value)) return;
        long sum = unchecked(value + increment);
        if (((value ^ sum) & (increment ^ sum)) < 0) // Both have the other sign than the sum.
        {
            x.Reply.Error(Errors.Overflow);
            return;
        }
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        key.PutString(digits[..Numbers.FormatInt64(sum, digits)], key.ExpiresAtMs);
        x.Changed(in key, EventClass.String, "incrby"u8);
        x.Reply.Integer(sum);
    }

    /// <summary>The integer that a key holds, 0 if it is absent; or replies why there is none.</summary>
    public static bool TryValue(Execution x, in Key key, out long value)
    {
        value = 0;
        if (!key.Exists) return true;
        if (key.Type != KeyType.String)
        {
            x.Reply.Error(Errors.WrongType);
            return false;
        }
        if (Numbers.TryParseInt64(key.String, out value)) return true;
        x.Reply.Error(Errors.NotInteger);
        return false;
    }
}
