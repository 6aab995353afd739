namespace Galley.Store.Scripting.Lua;

/// <summary>The kinds of tokens. Those of one character come first, then the reserved words, in the order of their names.</summary>
internal enum TokenKind : byte
{
    /// <summary>One character, in <see cref="Token.Character"/>.</summary>
    Character,
    And,
    Break,
    Do,
    Else,
    ElseIf,
    End,
    False,
    For,
    Function,
    If,
    In,
    Local,
    Nil,
    Not,
    Or,
    Repeat,
    Return,
    Then,
    True,
    Until,
    While,
    Concat,
    Dots,
    Equal,
    GreaterOrEqual,
    LessOrEqual,
    NotEqual,
    Number,
    Name,
    String,
    EndOfStream,
}

/// <summary>A token with what it means.</summary>
internal struct Token
{
    public TokenKind Kind;
    public byte Character;
    public double Number;
    public LuaString Text;

    public readonly bool Is(char character) => Kind == TokenKind.Character && Character == character;
}

/// <summary>How tokens are written.</summary>
internal static class TokenNames
{
    private static readonly string[] Names =
    [
        "", "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local", "nil", "not", "or", "repeat",
        "return", "then", "true", "until", "while", "..", "...", "==", ">=", "<=", "~=", "<number>", "<name>", "<string>", "<eof>",
    ];

    /// <summary>The reserved words, in the order of their kinds.</summary>
    public static readonly LuaString[] Reserved = [.. Names[(int)TokenKind.And..((int)TokenKind.While + 1)].Select(LuaString.From)];

    public static string NameOf(TokenKind kind) => Names[(int)kind];

    public static string NameOf(byte character) => character is < 32 or 127 ? $"char({character})" : ((char)character).ToString();
}
