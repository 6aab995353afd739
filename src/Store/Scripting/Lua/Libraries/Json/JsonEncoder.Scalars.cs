using System.Buffers;

namespace Galley.Store.Scripting.Lua.Libraries;

internal sealed partial class JsonEncoder
{
    // What cannot stand in a string as it is; the slash could, and is escaped by cjson all the same.
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\', (byte)'/', 0x7f]);

    private void AddString(ReadOnlySpan<byte> value)
    {
        text.Add((byte)'"');
        while (value.IndexOfAny(Escaped) is var at and >= 0)
        {
            text.Add(value[..at]);
            AddEscape(value[at]);
            value = value[(at + 1)..];
        }
        text.Add(value);
        text.Add((byte)'"');
    }

    private void AddEscape(byte c)
    {
        switch (c)
        {
            case (byte)'"': text.Add("\\\""u8); break;
            case (byte)'\\': text.Add("\\\\"u8); break;
            case (byte)'/': text.Add("\\/"u8); break;
            case (byte)'\b': text.Add("\\b"u8); break;
            case (byte)'\f': text.Add("\\f"u8); break;
            case (byte)'\n': text.Add("\\n"u8); break;
            case (byte)'\r': text.Add("\\r"u8); break;
            case (byte)'\t': text.Add("\\t"u8); break;
            default:
                text.Add("\\u00"u8);
                text.Add("0123456789abcdef"u8[c >> 4]);
                text.Add("0123456789abcdef"u8[c & 0xF]);
                break;
        }
    }

    private void AddNumber(double value)
    {
        if (double.IsFinite(value))
        {
            PrintfNumber.AddGeneral(text, value, settings.NumberPrecision);
            return;
        }
        switch (settings.EncodeInvalidNumbers)
        {
            case InvalidNumbers.Refused:
                throw Cannot(LuaType.Number, "must not be NaN or Inf");
            case InvalidNumbers.AsNull:
                text.Add("null"u8);
                break;
            default:
                text.Add(double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8);
                break;
        }
    }
}
