using System.Text;

namespace Galley.Store.Scripting.Lua;

/// <summary>Cuts a script into tokens.</summary>
internal sealed partial class Lexer
{
    private const int EndOfStream = -1;

    private readonly byte[] _source;
    private readonly NamePool _names = new();
    private int _at;

    // The token that is being read begins here; what an escape sequence stands for is gathered in the buffer.
    private int _start;
    private byte[] _buffer = new byte[64];
    private int _buffered;
    private bool _isBuffered;
    private Token _ahead;
    private bool _hasAhead;

    public Lexer(byte[] source, ReadOnlySpan<byte> chunkName)
    {
        _source = source;
        ChunkName = Encoding.Latin1.GetString(chunkName);
        ShortName = Lua.ChunkName.Shorten(chunkName);
    }

    /// <summary>The name of the chunk, as it was given.</summary>
    public string ChunkName { get; }

    /// <summary>The name of the chunk in messages.</summary>
    public string ShortName { get; }

    /// <summary>The token to be parsed.</summary>
    public Token Current;

    /// <summary>The line that has been read up to.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The line of the token before the current one.</summary>
    public int LastLine { get; private set; } = 1;

    private int Peek => _at < _source.Length ? _source[_at] : EndOfStream;

    /// <summary>Goes on to the next token.</summary>
    public void Next()
    {
        LastLine = Line;
        if (_hasAhead)
        {
            Current = _ahead;
            _hasAhead = false;
        }
        else
        {
            Read(ref Current);
        }
    }

    /// <summary>The token after the current one.</summary>
    public TokenKind LookAhead()
    {
        Read(ref _ahead);
        _hasAhead = true;
        return _ahead.Kind;
    }

    /// <summary>Whether the token after the current one is a character; only after <see cref="LookAhead"/>.</summary>
    public bool IsAhead(char character) => _ahead.Is(character);

    /// <summary>The one object for a name or short string of this chunk.</summary>
    public LuaString Name(ReadOnlySpan<byte> text) => _names.Of(text);

    /// <summary>An error at the current token.</summary>
    public LuaException SyntaxError(string message) => Error(message, TextOf(Current));

    /// <summary>An error near a token's text, or near nothing.</summary>
    public LuaException Error(string message, string? near = null) =>
        new(LuaString.FromLatin1(near is null ? $"{ShortName}:{Line}: {message}" : $"{ShortName}:{Line}: {message} near '{near}'"));

    private string TextOf(in Token token) => token.Kind switch
    {
        TokenKind.Name or TokenKind.String or TokenKind.Number => Raw(),
        TokenKind.Character => TokenNames.NameOf(token.Character),
        _ => TokenNames.NameOf(token.Kind),
    };

    // The token as it was read last, as C shows it: up to a zero byte. Escape sequences are replaced already.
    private string Raw()
    {
        ReadOnlySpan<byte> text = _isBuffered ? _buffer.AsSpan(0, _buffered) : _source.AsSpan(_start, _at - _start);
        int zero = text.IndexOf((byte)0);
        return Encoding.Latin1.GetString(zero < 0 ? text : text[..zero]);
    }

    private void Read(ref Token token)
    {
        while (true)
        {
            int c = Peek;
            switch (c)
            {
                case EndOfStream: token.Kind = TokenKind.EndOfStream; return;
                case '\n' or '\r': NewLine(); continue;
                case ' ' or '\t' or '\f' or '\v': _at++; continue;
                case '-':
                    _at++;
                    if (Peek != '-') { Is(ref token, '-'); return; }
                    _at++;
                    SkipComment();
                    continue;
                case '[':
                    _start = _at;
                    int level = SkipBracket();
                    if (level >= 0) { token.Text = ReadLong(level, "string"); token.Kind = TokenKind.String; return; }
                    if (level != -1) throw Error("invalid long string delimiter", Raw());
                    Is(ref token, '[');
                    return;
                case '=': Either(ref token, '=', TokenKind.Equal); return;
                case '<': Either(ref token, '<', TokenKind.LessOrEqual); return;
                case '>': Either(ref token, '>', TokenKind.GreaterOrEqual); return;
                case '~': Either(ref token, '~', TokenKind.NotEqual); return;
                case '"' or '\'': ReadString(ref token, (byte)c); return;
                case '.': ReadDot(ref token); return;
                default: ReadOther(ref token, (byte)c); return;
            }
        }
    }

    private static void Is(ref Token token, char character)
    {
        token.Kind = TokenKind.Character;
        token.Character = (byte)character;
    }

    // One of < > = ~, which an equals sign makes another token.
    private void Either(ref Token token, char single, TokenKind pair)
    {
        _at++;
        if (Peek != '=') { Is(ref token, single); return; }
        _at++;
        token.Kind = pair;
    }

    private void ReadDot(ref Token token)
    {
        _start = _at++;
        if (Peek == '.')
        {
            _at++;
            token.Kind = Peek == '.' ? TokenKind.Dots : TokenKind.Concat;
            if (token.Kind == TokenKind.Dots) _at++;
        }
        else if (IsDigit(Peek)) ReadNumber(ref token);
        else Is(ref token, '.');
    }

    private void ReadOther(ref Token token, byte c)
    {
        if (IsDigit(c))
        {
            _start = _at;
            ReadNumber(ref token);
            return;
        }
        if (!IsNameStart(c))
        {
            _at++;
            Is(ref token, (char)c);
            return;
        }
        _start = _at;
        _isBuffered = false;
        while (_at < _source.Length && (IsNameStart(_source[_at]) || IsDigit(_source[_at]))) _at++;
        token.Text = _names.Of(_source.AsSpan(_start, _at - _start), out token.Kind);
    }

    // Digits and points, an exponent, then whatever could belong to a word: what is no number of it is malformed.
    private void ReadNumber(ref Token token)
    {
        _isBuffered = false;
        while (IsDigit(Peek) || Peek == '.') _at++;
        if (Peek is 'e' or 'E')
        {
            _at++;
            if (Peek is '+' or '-') _at++;
        }
        while (IsDigit(Peek) || IsNameStart(Peek)) _at++;
        token.Kind = TokenKind.Number;
        if (!LuaNumbers.TryRead(_source.AsSpan(_start, _at - _start), out token.Number)) throw Error("malformed number", Raw());
    }

    private void NewLine()
    {
        byte first = _source[_at++];
        if (Peek is '\n' or '\r' && Peek != first) _at++;
        Line++;
    }

    private void SkipLine()
    {
        while (Peek is not ('\n' or '\r' or EndOfStream)) _at++;
    }

    private void SkipComment()
    {
        if (Peek == '[')
        {
            _start = _at;
            int level = SkipBracket();
            if (level >= 0)
            {
                ReadLong(level, "comment");
                return;
            }
        }
        SkipLine();
    }

    private static bool IsDigit(int c) => c is >= '0' and <= '9';

    private static bool IsNameStart(int c) => (c | 0x20) is >= 'a' and <= 'z' || c == '_';
}
