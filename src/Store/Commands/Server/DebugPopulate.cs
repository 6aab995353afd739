using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>DEBUG POPULATE: many keys at once, <c>key:0</c> with <c>value:0</c> and so on, which no log repeats.</summary>
internal static class DebugPopulate
{
    private const long ValueBytesMax = 512L * 1024 * 1024;

    public static void Run(Execution x)
    {
        if (!TryReadPositive(x, 2, out long count)) return;
        ReadOnlySpan<byte> prefix = x.Args.Count > 3 ? x.Args[3] : "key"u8;
        long valueBytes = 0;
        if (x.Args.Count > 4 && !TryReadPositive(x, 4, out valueBytes)) return;
        if (valueBytes > ValueBytesMax)
        {
            x.Reply.Error(Errors.StringTooLong);
            return;
        }
        var name = new NumberedText(prefix);
        var value = new NumberedText("value"u8, (int)valueBytes);
        for (long i = 0; i < count; i++) Add(x, name.With(i), value.With(i));
        x.NoEffect();
        x.Reply.Ok();
    }

    private static void Add(Execution x, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Key key = x.PeekIn(x.Session.DatabaseId, name);
        if (key.Exists) return;
        key.PutString(value, Database.NoExpiry);
        x.Server.Touch(key.DatabaseId, key.Name, x.Session);
    }

    private static bool TryReadPositive(Execution x, int argument, out long value)
    {
        ReadOnlySpan<byte> error = "ERR value is out of range, must be positive"u8;
        if (!x.TryInteger(argument, out value, error)) return false;
        if (value >= 0) return true;
        x.Reply.Error(error);
        return false;
    }

    /// <summary><c>prefix:number</c>, of its own length or cut and filled with zeros to a given one.</summary>
    private readonly struct NumberedText
    {
        private readonly byte[] _bytes;
        private readonly int _start;
        private readonly int _fixedLength;

        public NumberedText(ReadOnlySpan<byte> prefix, int fixedLength = 0)
        {
            _start = prefix.Length + 1;
            _fixedLength = fixedLength;
            _bytes = new byte[Math.Max(fixedLength, _start + Numbers.IntegerBytesMax)];
            prefix.CopyTo(_bytes);
            _bytes[prefix.Length] = (byte)':';
        }

        /// <summary>The text with this number; valid until the next call. Numbers must not grow shorter.</summary>
        public ReadOnlySpan<byte> With(long number)
        {
            int length = _start + Numbers.FormatInt64(number, _bytes.AsSpan(_start));
            return _bytes.AsSpan(0, _fixedLength > 0 ? _fixedLength : length);
        }
    }
}
