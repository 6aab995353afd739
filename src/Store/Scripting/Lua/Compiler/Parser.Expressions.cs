namespace Galley.Store.Scripting.Lua;

/// <content>Expressions.</content>
internal sealed partial class Parser
{
    private const int UnaryPriority = 8;

    // Left and right priority of each operator; where the right is lower, it binds from the right.
    private static readonly (byte Left, byte Right)[] Priorities =
        [(6, 6), (6, 6), (7, 7), (7, 7), (7, 7), (10, 9), (5, 4), (3, 3), (3, 3), (3, 3), (3, 3), (3, 3), (3, 3), (2, 2), (1, 1)];

    private Operand Expression()
    {
        Binary(0, out Operand e);
        return e;
    }

    // All but the last go to registers; their number.
    private int ExpressionList(out Operand last)
    {
        int count = 1;
        last = Expression();
        while (Accept(','))
        {
            _function.ToNextRegister(ref last);
            last = Expression();
            count++;
        }
        return count;
    }

    // Operators that bind more than a priority; the first that does not.
    private BinaryOperator Binary(int priority, out Operand left)
    {
        EnterLevel();
        if (lexer.Current.Kind == TokenKind.Not || lexer.Current.Is('-') || lexer.Current.Is('#')) Unary(out left);
        else Simple(out left);
        BinaryOperator what = OperatorOf(lexer.Current);
        while (what != BinaryOperator.None && Priorities[(int)what].Left > priority)
        {
            lexer.Next();
            _function.BeginBinary(what, ref left);
            BinaryOperator next = Binary(Priorities[(int)what].Right, out Operand right);
            _function.EndBinary(what, ref left, ref right);
            what = next;
        }
        LeaveLevel();
        return what;
    }

    private void Unary(out Operand e)
    {
        Token sign = lexer.Current;
        lexer.Next();
        Binary(UnaryPriority, out e);
        if (sign.Kind == TokenKind.Not) _function.Not(ref e);
        else if (sign.Is('-')) _function.Negate(ref e);
        else _function.Length(ref e);
    }

    private static BinaryOperator OperatorOf(in Token token) => token.Kind switch
    {
        TokenKind.Character => (char)token.Character switch
        {
            '+' => BinaryOperator.Add,
            '-' => BinaryOperator.Subtract,
            '*' => BinaryOperator.Multiply,
            '/' => BinaryOperator.Divide,
            '%' => BinaryOperator.Modulo,
            '^' => BinaryOperator.Power,
            '<' => BinaryOperator.Less,
            '>' => BinaryOperator.Greater,
            _ => BinaryOperator.None,
        },
        TokenKind.Concat => BinaryOperator.Concat,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Equal => BinaryOperator.Equal,
        TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
        TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
        TokenKind.And => BinaryOperator.And,
        TokenKind.Or => BinaryOperator.Or,
        _ => BinaryOperator.None,
    };

    private void Simple(out Operand e)
    {
        switch (lexer.Current.Kind)
        {
            case TokenKind.Number: e = new Operand(OperandKind.Number) { Number = lexer.Current.Number }; break;
            case TokenKind.String: e = new Operand(OperandKind.Constant, _function.Constant(lexer.Current.Text)); break;
            case TokenKind.Nil: e = new Operand(OperandKind.Nil); break;
            case TokenKind.True: e = new Operand(OperandKind.True); break;
            case TokenKind.False: e = new Operand(OperandKind.False); break;
            case TokenKind.Dots:
                if (!_function.IsVararg) throw lexer.SyntaxError("cannot use '...' outside a vararg function");
                _function.NeedsArgTable = false;
                e = new Operand(OperandKind.Vararg, _function.Emit(Op.Vararg, 0, 1, 0));
                break;
            case TokenKind.Function:
                lexer.Next();
                e = Body(false, lexer.Line);
                return;
            case TokenKind.Character when lexer.Current.Is('{'): e = Table(); return;
            default: e = Suffixed(); return;
        }
        lexer.Next();
    }

    private Operand Prefix()
    {
        if (lexer.Current.Kind == TokenKind.Name) return _function.Find(CheckName());
        if (!lexer.Current.Is('(')) throw lexer.SyntaxError("unexpected symbol");
        int line = lexer.Line;
        lexer.Next();
        Operand e = Expression();
        CheckMatch(")", "(", line, lexer.Current.Is(')'));
        _function.Read(ref e); // One value, and no variable any more.
        return e;
    }

    // A name or something in parentheses, with all its fields, indices and calls.
    private Operand Suffixed()
    {
        Operand e = Prefix();
        while (true)
        {
            if (lexer.Current.Is('.')) Field(ref e);
            else if (lexer.Current.Is('['))
            {
                _function.ToAnyRegister(ref e);
                Operand key = BracketedKey();
                _function.Index(ref e, ref key);
            }
            else if (lexer.Current.Is(':'))
            {
                lexer.Next();
                LuaString name = CheckName();
                _function.Self(ref e, name);
                Call(ref e);
            }
            else if (lexer.Current.Is('(') || lexer.Current.Is('{') || lexer.Current.Kind == TokenKind.String)
            {
                _function.ToNextRegister(ref e);
                Call(ref e);
            }
            else return e;
        }
    }

    // .name or :name.
    private void Field(ref Operand e)
    {
        _function.ToAnyRegister(ref e);
        lexer.Next();
        var key = new Operand(OperandKind.Constant, _function.Constant(CheckName()));
        _function.Index(ref e, ref key);
    }

    private Operand BracketedKey()
    {
        lexer.Next();
        Operand key = Expression();
        _function.ToValue(ref key);
        Check(']');
        return key;
    }

    // The function is in a register, a method's first argument behind it.
    private void Call(ref Operand function)
    {
        int line = lexer.Line;
        Operand last = default;
        if (lexer.Current.Is('('))
        {
            if (line != lexer.LastLine) throw lexer.SyntaxError("ambiguous syntax (function call x new statement)");
            lexer.Next();
            if (!lexer.Current.Is(')'))
            {
                ExpressionList(out last);
                if (last.IsMulti) _function.SetResults(ref last, -1);
            }
            CheckMatch(")", "(", line, lexer.Current.Is(')'));
        }
        else if (lexer.Current.Is('{')) last = Table();
        else if (lexer.Current.Kind != TokenKind.String) throw lexer.SyntaxError("function arguments expected");
        else
        {
            last = new Operand(OperandKind.Constant, _function.Constant(lexer.Current.Text));
            lexer.Next();
        }
        int register = function.Info, count = -1;
        if (!last.IsMulti)
        {
            if (last.Kind != OperandKind.None) _function.ToNextRegister(ref last);
            count = _function.FreeRegister - (register + 1);
        }
        function = new Operand(OperandKind.Call, _function.Emit(Op.Call, register, count + 1, 2));
        _function.SetLine(line);
        _function.FreeRegister = register + 1; // The function and its arguments give way to one result.
    }
}
