using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// INCREX: a counter between bounds that may expire, which is a rate limiter in one command. The reply is the value and
/// what was really added: nothing, where the sum would have been out of bounds.
/// </summary>
internal static class IncrExCommand
{
    [Command("INCREX",
        "key [BYFLOAT float:double | BYINT integer:integer] [SATURATE] [LBOUND lowerbound] [UBOUND upperbound] "
        + "[" + Expiration.TimeGrammar + " | PERSIST] [ENX]",
        Group.String, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "8.8.0",
        Cost = "O(1)", Keys = "RW ACCESS UPDATE",
        Summary = "Adds to the number that a key holds, within bounds, and may change when the key expires.")]
    public static void IncrEx(Execution x)
    {
        if (!IncrExOptions.TryParse(x, out IncrExOptions options)) return;
        if (options.IsFloat) AddFloat(x, in options);
        else AddInteger(x, in options);
    }

    private static void AddInteger(Execution x, in IncrExOptions options)
    {
        long increment = 1, low = long.MinValue, high = long.MaxValue;
        if (!TryInteger(x, options.Increment, "ERR Increment is not an integer or out of range"u8, ref increment)) return;
        if (!TryInteger(x, options.LowerBound, "ERR LBOUND is not an integer or out of range"u8, ref low)) return;
        if (!TryInteger(x, options.UpperBound, "ERR UBOUND is not an integer or out of range"u8, ref high)) return;
        if (!AreOrdered(x, low <= high) || !options.Expiration.TryResolve(x, out long expiresAtMs)) return;
        Key key = x.Write(1);
        if (!IncrementCommands.TryValue(x, in key, out long value)) return;

        Int128 sum = (Int128)value + increment;
        bool isWithin = sum >= low && sum <= high;
        if (isWithin || options.Saturates)
        {
            sum = Int128.Clamp(sum, low, high);
            Int128 added = sum - value;
            if (added < long.MinValue || added > long.MaxValue)
            {
                x.Reply.Error(Errors.Overflow);
                return;
            }
            increment = (long)added;
            value = (long)sum;
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            Put(x, ref key, digits[..Numbers.FormatInt64(value, digits)], "incrby"u8, in options, expiresAtMs);
        }
        else
        {
            increment = 0;
        }
        x.Reply.Array(2);
        x.Reply.Integer(value);
        x.Reply.Integer(increment);
    }

    private static void AddFloat(Execution x, in IncrExOptions options)
    {
        LongDouble increment = default, low = -LongDouble.MaxValue, high = LongDouble.MaxValue;
        if (!TryFloat(x, options.Increment, "ERR Increment is not a valid float"u8, ref increment)) return;
        if (!TryFloat(x, options.LowerBound, "ERR LBOUND is not a valid float"u8, ref low)) return;
        if (!TryFloat(x, options.UpperBound, "ERR UBOUND is not a valid float"u8, ref high)) return;
        if (!AreOrdered(x, !(low > high)) || !options.Expiration.TryResolve(x, out long expiresAtMs)) return;
        Key key = x.Write(1);
        if (!IncrByFloatCommand.TryValue(x, in key, out LongDouble value)) return;

        LongDouble sum = value + increment;
        bool isWithin = !sum.IsNaN && !(sum < low) && !(sum > high);
        if (isWithin || (options.Saturates && !sum.IsNaN))
        {
            if (!isWithin)
            {
                sum = sum < low ? low : high;
                increment = sum - value;
            }
            if (!sum.IsFinite || !increment.IsFinite)
            {
                x.Reply.Error(Errors.NotFinite);
                return;
            }
            value = sum;
            Span<byte> digits = stackalloc byte[LongDouble.FormatBytesMax];
            Put(x, ref key, digits[..value.Format(digits)], "incrbyfloat"u8, in options, expiresAtMs);
        }
        else
        {
            increment = default;
        }
        x.Reply.Array(2);
        x.Reply.HumanDouble(value);
        x.Reply.HumanDouble(increment);
    }

    private static void Put(
        Execution x, ref Key key, scoped ReadOnlySpan<byte> text, ReadOnlySpan<byte> eventName,
        in IncrExOptions options, long expiresAtMs)
    {
        bool setsTime = options.Expiration.SetsTime && !(options.KeepsExpiration && key.ExpiresAtMs >= 0);
        if (setsTime && expiresAtMs <= x.NowMs)
        {
            if (key.Exists) DelExCommands.Delete(x, ref key);
            return;
        }
        bool persists = options.Expiration.Kind == ExpirationKind.Persist && key.ExpiresAtMs >= 0;
        key.PutString(text, setsTime ? expiresAtMs : persists ? -1 : key.ExpiresAtMs);
        EffectWriter effect = x.Effect(setsTime ? 5 : persists ? 3 : 4).Word("SET"u8).Word(key.Name).Word(text);
        if (setsTime) effect.Word("PXAT"u8).Word(expiresAtMs);
        else if (!persists) effect.Word("KEEPTTL"u8);
        x.Changed(in key, EventClass.String, eventName);
        if (setsTime) x.Notify(in key, EventClass.Generic, "expire"u8);
        else if (persists) x.Notify(in key, EventClass.Generic, "persist"u8);
    }

    private static bool AreOrdered(Execution x, bool areOrdered)
    {
        if (!areOrdered) x.Reply.Error("ERR LBOUND can't be greater than UBOUND"u8);
        return areOrdered;
    }

    /// <summary>Reads the argument of an option that was given; keeps the value otherwise.</summary>
    private static bool TryInteger(Execution x, int argument, ReadOnlySpan<byte> error, ref long value)
    {
        if (argument == 0) return true;
        bool isInteger = x.TryInteger(argument, out long given, error);
        value = given;
        return isInteger;
    }

    private static bool TryFloat(Execution x, int argument, ReadOnlySpan<byte> error, ref LongDouble value)
    {
        if (argument == 0) return true;
        if (LongDouble.TryParse(x.Args[argument], out LongDouble given))
        {
            value = given;
            return true;
        }
        x.Reply.Error(error);
        return false;
    }
}
