using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

/// <summary>HINCRBY and HINCRBYFLOAT.</summary>
internal static class HIncr
{
    [Command("HINCRBY", "key field increment:integer", Group.Hash, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.0.0", Cost = "O(1)",
        Keys = "RW ACCESS UPDATE", Summary = "Adds to the integer in a field of a hash, 0 if it is absent.")]
    public static void ByInteger(Execution x)
    {
        if (!x.TryInteger(3, out long increment)) return;
        if (!HashArgument.TryWriteField(x, out Key key)) return;
        long value = 0;
        if (HashValue.TryGet(in key, x.Args[2], out ListPackElement old) && !TryInteger(old, out value))
        {
            x.Reply.Error("ERR hash value is not an integer"u8);
            return;
        }
        if ((increment < 0 && value < long.MinValue - increment) || (increment > 0 && value > long.MaxValue - increment))
        {
            x.Reply.Error(Errors.Overflow);
            return;
        }
        value += increment;
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        HashValue.Set(ref key, x.Args[2], digits[..Numbers.FormatInt64(value, digits)], keepsExpiry: true);
        x.Changed(in key, EventClass.Hash, "hincrby"u8);
        x.Server.PubSub.AddField(x.Args[2]);
        x.Reply.Integer(value);
    }

    [Command("HINCRBYFLOAT", "key field increment:double", Group.Hash, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.6.0", Cost = "O(1)",
        Keys = "RW ACCESS UPDATE", Summary = "Adds to the number in a field of a hash, 0 if it is absent.")]
    public static void ByFloat(Execution x)
    {
        if (!LongDouble.TryParse(x.Args[3], out LongDouble increment))
        {
            x.Reply.Error(Errors.NotFloat);
            return;
        }
        if (!increment.IsFinite)
        {
            x.Reply.Error("ERR value is NaN or Infinity"u8);
            return;
        }
        if (!HashArgument.TryWriteField(x, out Key key)) return;
        LongDouble value = default;
        if (HashValue.TryGet(in key, x.Args[2], out ListPackElement old, out long expiresAtMs) && !TryFloat(old, out value))
        {
            x.Reply.Error("ERR hash value is not a float"u8);
            return;
        }
        value += increment;
        if (!value.IsFinite)
        {
            x.Reply.Error(Errors.NotFinite);
            return;
        }
        Span<byte> digits = stackalloc byte[LongDouble.FormatBytesMax];
        ReadOnlySpan<byte> text = digits[..value.Format(digits)];
        HashValue.Set(ref key, x.Args[2], text, keepsExpiry: true);

        // As in redis-server, the log has the sum, so that no other arithmetic is asked for it. HSET ends the expiry.
        x.Effect(4).Word("HSET"u8).Word(key.Name).Word(x.Args[2]).Word(text);
        if (expiresAtMs != FieldLayout.Never) FieldEffects.Expire(x, in key, expiresAtMs, [2]);
        x.Changed(in key, EventClass.Hash, "hincrbyfloat"u8);
        x.Server.PubSub.AddField(x.Args[2]);
        x.Reply.Bulk(text);
    }

    private static bool TryInteger(ListPackElement value, out long integer)
    {
        integer = value.Integer;
        return value.IsInteger || Numbers.TryParseInt64(value.TextIn(default), out integer);
    }

    private static bool TryFloat(ListPackElement value, out LongDouble number)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        return LongDouble.TryParse(value.TextIn(digits), out number);
    }
}
