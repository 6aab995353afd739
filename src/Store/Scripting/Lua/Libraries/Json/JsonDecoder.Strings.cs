using System.Text;

namespace Galley.Store.Scripting.Lua.Libraries;

internal ref partial struct JsonDecoder
{
    private const int UnicodeEscapeBytes = 6;

    private JsonToken ReadString()
    {
        _next++;
        _scratch.CutTo(0);
        bool hasEscapes = false;
        while (true)
        {
            int run = _document[_next..].IndexOfAny((byte)'"', (byte)'\\', (byte)0);
            if (run < 0) run = _document.Length - _next;
            ReadOnlySpan<byte> text = _document.Slice(_next, run);
            _next += run;
            switch (At(_next))
            {
                case (byte)'"':
                    if (hasEscapes) _scratch.Add(text);
                    _value = hasEscapes ? _scratch.ToLuaString() : _state.NewString(text);
                    _next++;
                    return JsonToken.String;
                case (byte)'\\':
                    hasEscapes = true;
                    _scratch.Add(text);
                    if (TryReadEscape()) continue;
                    _tokenStart = _next;
                    return JsonToken.Fault;
                default:
                    _tokenStart = _next;
                    return Fault("unexpected end of string");
            }
        }
    }

    private bool TryReadEscape()
    {
        switch (At(_next + 1))
        {
            case (byte)'"': return Escape((byte)'"');
            case (byte)'\\': return Escape((byte)'\\');
            case (byte)'/': return Escape((byte)'/');
            case (byte)'b': return Escape((byte)'\b');
            case (byte)'f': return Escape((byte)'\f');
            case (byte)'n': return Escape((byte)'\n');
            case (byte)'r': return Escape((byte)'\r');
            case (byte)'t': return Escape((byte)'\t');
            case (byte)'u': break;
            default:
                Fault("invalid escape code");
                return false;
        }

        int unit = ReadUnit(_next);
        int bytes = UnicodeEscapeBytes;
        var rune = default(Rune);
        bool isValid = unit >= 0 && Rune.TryCreate(unit, out rune);
        if (unit >= 0 && char.IsHighSurrogate((char)unit))
        {
            int low = ReadUnit(_next + UnicodeEscapeBytes);
            bytes *= 2;
            isValid = low >= 0 && Rune.TryCreate((char)unit, (char)low, out rune);
        }
        if (!isValid)
        {
            Fault("invalid unicode escape code");
            return false;
        }
        Span<byte> utf8 = stackalloc byte[4];
        _scratch.Add(utf8[..rune.EncodeToUtf8(utf8)]);
        _next += bytes;
        return true;
    }

    private bool Escape(byte c)
    {
        _scratch.Add(c);
        _next += 2;
        return true;
    }

    // The code of a \u escape, or less than 0.
    private readonly int ReadUnit(int start)
    {
        if (At(start) != '\\' || At(start + 1) != 'u') return -1;
        int unit = 0;
        for (int i = start + 2; i < start + UnicodeEscapeBytes; i++)
        {
            byte digit = At(i);
            if (!char.IsAsciiHexDigit((char)digit)) return -1;
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        return unit;
    }
}
