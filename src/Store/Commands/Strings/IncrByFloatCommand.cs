using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class IncrByFloatCommand
{
    [Command("INCRBYFLOAT", "key increment:double", Group.String, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.6.0",
        Cost = "O(1)", Keys = "RW ACCESS UPDATE", Summary = "Adds to the number that a key holds, 0 if it is absent.")]
    public static void IncrByFloat(Execution x)
    {
        Key key = x.Write(1);
        if (!TryValue(x, in key, out LongDouble value)) return;
        if (!LongDouble.TryParse(x.Args[2], out LongDouble increment))
        {
            x.Reply.Error(Errors.NotFloat);
            return;
        }
        LongDouble sum = value + increment;
        if (!sum.IsFinite)
        {
            x.Reply.Error(Errors.NotFinite);
            return;
        }
        Span<byte> buffer = stackalloc byte[LongDouble.FormatBytesMax];
        ReadOnlySpan<byte> text = buffer[..sum.Format(buffer)];
        key.PutText(text, key.ExpiresAtMs);
        // The sum and not the summand: another machine might round otherwise.
        x.Effect(4).Word("SET"u8).Word(key.Name).Word(text).Word("KEEPTTL"u8);
        x.Changed(in key, EventClass.String, "incrbyfloat"u8);
        x.Reply.Bulk(text);
    }

    /// <summary>The number that a key holds, 0 if it is absent; or replies why there is none.</summary>
    public static bool TryValue(Execution x, in Key key, out LongDouble value)
    {
        value = default;
        if (!key.Exists) return true;
        if (key.Type != KeyType.String)
        {
            x.Reply.Error(Errors.WrongType);
            return false;
        }
        if (LongDouble.TryParse(key.String, out value)) return true;
        x.Reply.Error(Errors.NotFloat);
        return false;
    }
}
