namespace Galley.Store.Scripting.Lua.Libraries;

internal ref partial struct JsonDecoder
{
    // Reads a token: its value into _value, where it begins (or why and where it is none) into _tokenStart and _fault.
    private JsonToken NextToken()
    {
        while (At(_next) is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') _next++;
        _tokenStart = _next;
        switch (At(_next))
        {
            case 0: return JsonToken.End;
            case (byte)'{': return Punctuation(JsonToken.ObjectStart);
            case (byte)'}': return Punctuation(JsonToken.ObjectEnd);
            case (byte)'[': return Punctuation(JsonToken.ArrayStart);
            case (byte)']': return Punctuation(JsonToken.ArrayEnd);
            case (byte)':': return Punctuation(JsonToken.Colon);
            case (byte)',': return Punctuation(JsonToken.Comma);
            case (byte)'"': return ReadString();
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return _settings.DecodesInvalidNumbers || !LooksInvalid() ? ReadNumber() : Fault("invalid number");
            default: return ReadWord();
        }
    }

    private JsonToken Punctuation(JsonToken token)
    {
        _next++;
        return token;
    }

    private JsonToken ReadWord()
    {
        ReadOnlySpan<byte> rest = _document[_next..];
        if (rest.StartsWith("true"u8)) return Word(LuaValue.True, 4, JsonToken.Boolean);
        if (rest.StartsWith("false"u8)) return Word(LuaValue.False, 5, JsonToken.Boolean);
        if (rest.StartsWith("null"u8)) return Word(LuaUserdata.Null, 4, JsonToken.Null);
        return _settings.DecodesInvalidNumbers && LooksInvalid() ? ReadNumber() : Fault("invalid token");
    }

    private JsonToken Word(LuaValue value, int length, JsonToken token)
    {
        _value = value;
        _next += length;
        return token;
    }

    private JsonToken Fault(string why)
    {
        _fault = why;
        return JsonToken.Fault;
    }

    // What C reads as a number and JSON does not: a plus, a zero in front, hexadecimal, infinity and NaN.
    private readonly bool LooksInvalid()
    {
        int i = _next;
        if (At(i) == '+') return true;
        if (At(i) == '-') i++;
        if (At(i) == '0') return (At(i + 1) | 0x20) == 'x' || char.IsAsciiDigit((char)At(i + 1));
        return IsWord(i, "inf"u8) || IsWord(i, "nan"u8);
    }

    private JsonToken ReadNumber()
    {
        int length = CNumberText.Read(_document[_next..], out double number);
        if (length == 0) return Fault("invalid number");
        return Word(number, length, JsonToken.Number);
    }

    private readonly bool IsWord(int start, ReadOnlySpan<byte> lowercase)
    {
        for (int i = 0; i < lowercase.Length; i++)
        {
            if ((At(start + i) | 0x20) != lowercase[i]) return false;
        }
        return true;
    }

    // The byte, or NUL behind the end: either ends a document.
    private readonly byte At(int index) => index < _document.Length ? _document[index] : (byte)0;
}
