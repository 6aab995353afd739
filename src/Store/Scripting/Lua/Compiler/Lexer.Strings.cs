namespace Galley.Store.Scripting.Lua;

/// <content>Strings: quoted, and between long brackets.</content>
internal sealed partial class Lexer
{
    // At the first bracket of two with equals signs between: passes them, and gives their number. Where it is none:
    // -1 after one bracket alone, less after a bracket with equals signs.
    private int SkipBracket()
    {
        int bracket = _source[_at++], level = 0;
        _isBuffered = false;
        while (Peek == '=')
        {
            _at++;
            level++;
        }
        if (Peek != bracket) return -level - 1;
        _at++;
        return level;
    }

    private LuaString ReadLong(int level, string what)
    {
        bool copied = Peek is '\n' or '\r'; // What the script says is not, byte for byte, what messages show.
        if (copied) NewLine();
        int from = _at;
        _buffered = 0;
        _isBuffered = false;
        bool gathered = false; // A line that does not end in \n alone has to be written anew.
        while (true)
        {
            switch (Peek)
            {
                case EndOfStream:
                    throw Error($"unfinished long {what}", TokenNames.NameOf(TokenKind.EndOfStream));
                case '[' when level == 0:
                    // Lua 5.0 nested them; so that nobody is deceived, 5.1 refuses.
                    if (_at + 1 < _source.Length && _source[_at + 1] == '[') throw NestedBracket();
                    break;
                case ']':
                    int start = _at;
                    if (SkipBracket() == level)
                    {
                        ReadOnlySpan<byte> text = _source.AsSpan(from, start - from);
                        if (gathered)
                        {
                            Append(text);
                            text = _buffer.AsSpan(0, _buffered);
                        }
                        LuaString read = _names.Of(text);
                        if (copied) KeepRaw(read, level);
                        return read;
                    }
                    _at = start + 1;
                    continue;
                case '\r':
                case '\n' when _at + 1 < _source.Length && _source[_at + 1] == '\r':
                    Append(_source.AsSpan(from, _at - from));
                    Append("\n"u8);
                    gathered = copied = true;
                    NewLine();
                    from = _at;
                    continue;
                case '\n':
                    Line++;
                    break;
            }
            _at++;
        }
    }

    private void KeepRaw(LuaString text, int level)
    {
        _buffered = 0;
        Append(_source.AsSpan(_start, level + 2));
        Append(text.Span);
        Append(_source.AsSpan(_at - level - 2, level + 2));
        _isBuffered = true;
    }

    private LuaException NestedBracket()
    {
        _at += 2;
        return Error("nesting of [[...]] is deprecated", "[");
    }

    private void ReadString(ref Token token, byte quote)
    {
        _start = _at++;
        _isBuffered = false;
        while (true)
        {
            int c = Peek;
            if (c == quote) break;
            switch (c)
            {
                case EndOfStream: throw Error("unfinished string", TokenNames.NameOf(TokenKind.EndOfStream));
                case '\n' or '\r': throw Error("unfinished string", Raw());
                case '\\':
                    if (!_isBuffered)
                    {
                        _buffered = 0;
                        Append(_source.AsSpan(_start, _at - _start));
                        _isBuffered = true;
                    }
                    ReadEscape();
                    continue;
            }
            if (_isBuffered) Append(_source.AsSpan(_at, 1));
            _at++;
        }
        token.Text = _names.Of(_isBuffered ? _buffer.AsSpan(1, _buffered - 1) : _source.AsSpan(_start + 1, _at - _start - 1));
        if (_isBuffered) Append([quote]);
        _at++;
        token.Kind = TokenKind.String;
    }

    private void ReadEscape()
    {
        _at++;
        switch (Peek)
        {
            case 'a': Escape(7); break;
            case 'b': Escape(8); break;
            case 'f': Escape(12); break;
            case 'n': Escape(10); break;
            case 'r': Escape(13); break;
            case 't': Escape(9); break;
            case 'v': Escape(11); break;
            case '\n' or '\r': Append("\n"u8); NewLine(); break;
            case EndOfStream: break; // The next round says so.
            case var c when IsDigit(c): ReadDecimalEscape(); break;
            case var c: Escape((byte)c); break;
        }
    }

    private void Escape(byte c)
    {
        Append([c]);
        _at++;
    }

    private void ReadDecimalEscape()
    {
        int value = 0;
        for (int i = 0; i < 3 && IsDigit(Peek); i++) value = (value * 10) + _source[_at++] - '0';
        if (value > byte.MaxValue) throw Error("escape sequence too large", Raw());
        Append([(byte)value]);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffered + bytes.Length > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _buffered + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }
}
