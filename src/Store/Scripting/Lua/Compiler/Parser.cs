namespace Galley.Store.Scripting.Lua;

/// <summary>Reads a script once, from its first token to its last, and writes the code of its functions as it goes.</summary>
internal sealed partial class Parser(Lexer lexer)
{
    // So deep may blocks and expressions be nested: each level is one of the parser's own calls.
    private const int LevelsMax = 200;

    // What a call from the outside has used up of them, as it has in lua5.1 and redis-server.
    private const int LevelsOfHost = 3;

    private static readonly LuaString SelfName = LuaString.From("self"u8);
    private static readonly LuaString ArgName = LuaString.From("arg"u8);

    private FunctionBuilder _function = new(null, lexer, 0);
    private int _level = LevelsOfHost;

    public LuaPrototype ParseChunk()
    {
        _function.IsVararg = true;
        lexer.Next();
        Block();
        if (lexer.Current.Kind != TokenKind.EndOfStream) throw Expected(TokenKind.EndOfStream);
        return _function.Build();
    }

    private void EnterLevel()
    {
        if (++_level > LevelsMax) throw lexer.Error("chunk has too many syntax levels");
    }

    private void LeaveLevel() => _level--;

    private LuaException Expected(TokenKind kind) => lexer.SyntaxError($"'{TokenNames.NameOf(kind)}' expected");

    private bool Accept(TokenKind kind)
    {
        if (lexer.Current.Kind != kind) return false;
        lexer.Next();
        return true;
    }

    private bool Accept(char character)
    {
        if (!lexer.Current.Is(character)) return false;
        lexer.Next();
        return true;
    }

    private void Check(TokenKind kind)
    {
        if (lexer.Current.Kind != kind) throw Expected(kind);
        lexer.Next();
    }

    private void Check(char character)
    {
        if (!lexer.Current.Is(character)) throw lexer.SyntaxError($"'{character}' expected");
        lexer.Next();
    }

    // The end of what began on a line: if it is another line, the message says which.
    private void CheckMatch(string what, string opened, int line, bool isHere)
    {
        if (!isHere)
        {
            throw lexer.SyntaxError(line == lexer.Line
                ? $"'{what}' expected"
                : $"'{what}' expected (to close '{opened}' at line {line})");
        }
        lexer.Next();
    }

    private void CheckEnd(TokenKind opened, int line, TokenKind closing = TokenKind.End) =>
        CheckMatch(TokenNames.NameOf(closing), TokenNames.NameOf(opened), line, lexer.Current.Kind == closing);

    private LuaString CheckName()
    {
        if (lexer.Current.Kind != TokenKind.Name) throw Expected(TokenKind.Name);
        LuaString name = lexer.Current.Text;
        lexer.Next();
        return name;
    }

    private bool AtBlockEnd() =>
        lexer.Current.Kind is TokenKind.Else or TokenKind.ElseIf or TokenKind.End or TokenKind.EndOfStream or TokenKind.Until;

    // Statements up to the end of their block; return and break are the last.
    private void Block()
    {
        EnterLevel();
        for (bool last = false; !last && !AtBlockEnd();)
        {
            last = Statement();
            Accept(';');
            _function.FreeRegister = _function.ActiveCount;
        }
        LeaveLevel();
    }

    private void ScopedBlock()
    {
        _function.EnterScope(false);
        Block();
        _function.LeaveScope();
    }

    // Parameters, statements, and the word end.
    private Operand Body(bool isMethod, int line)
    {
        var inner = new FunctionBuilder(_function, lexer, line);
        _function = inner;
        Check('(');
        if (isMethod)
        {
            inner.Declare(SelfName);
            inner.Activate(1);
        }
        Parameters();
        Check(')');
        Block();
        CheckEnd(TokenKind.Function, line);
        LuaPrototype made = inner.Build();
        _function = inner.Outer!;
        return new Operand(OperandKind.Anywhere, _function.Emit(Instruction.Wide(Op.Closure, 0, _function.AddFunction(made))));
    }

    private void Parameters()
    {
        int count = 0;
        if (!lexer.Current.Is(')'))
        {
            do
            {
                if (lexer.Current.Kind == TokenKind.Name)
                {
                    _function.Declare(CheckName());
                    count++;
                }
                else if (Accept(TokenKind.Dots))
                {
                    _function.Declare(ArgName);
                    count++;
                    _function.IsVararg = _function.NeedsArgTable = true;
                }
                else
                {
                    throw lexer.SyntaxError("<name> or '...' expected");
                }
            }
            while (!_function.IsVararg && Accept(','));
        }
        _function.Activate(count);
        _function.ParameterCount = _function.ActiveCount - (_function.IsVararg ? 1 : 0);
        _function.Reserve(_function.ActiveCount);
    }
}
