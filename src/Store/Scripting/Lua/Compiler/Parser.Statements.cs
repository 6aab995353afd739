namespace Galley.Store.Scripting.Lua;

/// <content>Statements.</content>
internal sealed partial class Parser
{
    private static readonly LuaString ForIndex = LuaString.From("(for index)"u8);
    private static readonly LuaString ForLimit = LuaString.From("(for limit)"u8);
    private static readonly LuaString ForStep = LuaString.From("(for step)"u8);
    private static readonly LuaString ForGenerator = LuaString.From("(for generator)"u8);
    private static readonly LuaString ForState = LuaString.From("(for state)"u8);
    private static readonly LuaString ForControl = LuaString.From("(for control)"u8);

    // Whether it must be the last of its block.
    private bool Statement()
    {
        int line = lexer.Line;
        switch (lexer.Current.Kind)
        {
            case TokenKind.If: If(line); return false;
            case TokenKind.While: While(line); return false;
            case TokenKind.Do:
                lexer.Next();
                ScopedBlock();
                CheckEnd(TokenKind.Do, line);
                return false;
            case TokenKind.For: For(line); return false;
            case TokenKind.Repeat: Repeat(line); return false;
            case TokenKind.Function: Function(line); return false;
            case TokenKind.Local:
                lexer.Next();
                if (Accept(TokenKind.Function)) LocalFunction();
                else Local();
                return false;
            case TokenKind.Return: Return(); return true;
            case TokenKind.Break:
                lexer.Next();
                Break();
                return true;
            default: ExpressionStatement(); return false;
        }
    }

    private void If(int line)
    {
        int over = FunctionBuilder.NoJump;
        int next = ThenBlock();
        while (lexer.Current.Kind == TokenKind.ElseIf)
        {
            _function.Concat(ref over, _function.Jump());
            _function.PatchToHere(next);
            next = ThenBlock();
        }
        if (lexer.Current.Kind == TokenKind.Else)
        {
            _function.Concat(ref over, _function.Jump());
            _function.PatchToHere(next);
            lexer.Next();
            ScopedBlock();
        }
        else
        {
            _function.Concat(ref over, next);
        }
        _function.PatchToHere(over);
        CheckEnd(TokenKind.If, line);
    }

    // if or elseif, up to the end of what is done then; the jump that passes it.
    private int ThenBlock()
    {
        lexer.Next();
        int whenFalse = Condition();
        Check(TokenKind.Then);
        ScopedBlock();
        return whenFalse;
    }

    private int Condition()
    {
        Operand e = Expression();
        if (e.Kind == OperandKind.Nil) e.Kind = OperandKind.False;
        _function.GoIfTrue(ref e);
        return e.WhenFalse;
    }

    private void While(int line)
    {
        lexer.Next();
        int start = _function.Label();
        int exit = Condition();
        _function.EnterScope(true);
        Check(TokenKind.Do);
        ScopedBlock();
        _function.Patch(_function.Jump(), start);
        CheckEnd(TokenKind.While, line);
        _function.LeaveScope();
        _function.PatchToHere(exit);
    }

    private void Repeat(int line)
    {
        int start = _function.Label();
        _function.EnterScope(true);
        _function.EnterScope(false);
        lexer.Next();
        Block();
        CheckEnd(TokenKind.Repeat, line, TokenKind.Until);
        int exit = Condition(); // It sees the variables of the block.
        if (!_function.Scope!.HasCaptured)
        {
            _function.LeaveScope();
            _function.Patch(exit, start);
        }
        else
        {
            // Variables that closures hold are closed both when it ends and when it goes on.
            Break();
            _function.PatchToHere(exit);
            _function.LeaveScope();
            _function.Patch(_function.Jump(), start);
        }
        _function.LeaveScope();
    }

    private void Break()
    {
        Scope? scope = _function.Scope;
        bool captured = false;
        while (scope is { IsLoop: false })
        {
            captured |= scope.HasCaptured;
            scope = scope.Outer;
        }
        if (scope is null) throw lexer.SyntaxError("no loop to break");
        if (captured) _function.Emit(Op.Close, scope.ActiveCount, 0, 0);
        _function.Concat(ref scope.Breaks, _function.Jump());
    }

    private void For(int line)
    {
        _function.EnterScope(true);
        lexer.Next();
        LuaString name = CheckName();
        if (lexer.Current.Is('=')) ForNumbers(name, line);
        else if (lexer.Current.Is(',') || lexer.Current.Kind == TokenKind.In) ForEach(name);
        else throw lexer.SyntaxError("'=' or 'in' expected");
        CheckEnd(TokenKind.For, line);
        _function.LeaveScope();
    }

    private void ForNumbers(LuaString name, int line)
    {
        int first = _function.FreeRegister;
        _function.Declare(ForIndex);
        _function.Declare(ForLimit);
        _function.Declare(ForStep);
        _function.Declare(name);
        lexer.Next();
        ToNextRegister(Expression());
        Check(',');
        ToNextRegister(Expression());
        ToNextRegister(Accept(',') ? Expression() : new Operand(OperandKind.Number) { Number = 1 });
        ForBody(first, line, 1, true);
    }

    private void ForEach(LuaString name)
    {
        int first = _function.FreeRegister, count = 1;
        _function.Declare(ForGenerator);
        _function.Declare(ForState);
        _function.Declare(ForControl);
        _function.Declare(name);
        for (; Accept(','); count++) _function.Declare(CheckName());
        Check(TokenKind.In);
        int line = lexer.Line;
        int values = ExpressionList(out Operand last);
        AdjustAssignment(3, values, ref last);
        _function.CheckRegisters(3);
        ForBody(first, line, count, false);
    }

    private void ForBody(int first, int line, int count, bool isNumeric)
    {
        _function.Activate(3);
        Check(TokenKind.Do);
        int prepare = isNumeric ? _function.Emit(Instruction.Wide(Op.ForPrepare, first, FunctionBuilder.NoJump)) : _function.Jump();
        _function.EnterScope(false);
        _function.Activate(count);
        _function.Reserve(count);
        Block();
        _function.LeaveScope();
        _function.PatchToHere(prepare);
        int end = isNumeric
            ? _function.Emit(Instruction.Wide(Op.ForLoop, first, FunctionBuilder.NoJump))
            : _function.Emit(Op.ForIn, first, 0, count);
        _function.SetLine(line); // The loop begins with its first line.
        _function.Patch(isNumeric ? end : _function.Jump(), prepare + 1);
    }

    private void Function(int line)
    {
        lexer.Next();
        Operand variable = _function.Find(CheckName());
        bool isMethod = false;
        while (!isMethod && (lexer.Current.Is('.') || lexer.Current.Is(':')))
        {
            isMethod = lexer.Current.Is(':');
            Field(ref variable);
        }
        Operand body = Body(isMethod, line);
        _function.Store(variable, ref body);
        _function.SetLine(line);
    }

    private void LocalFunction()
    {
        _function.Declare(CheckName());
        var variable = new Operand(OperandKind.Local, _function.FreeRegister);
        _function.Reserve(1);
        _function.Activate(1);
        Operand body = Body(false, lexer.Line);
        _function.Store(variable, ref body);
        _function.RestartLocal();
    }

    private void Local()
    {
        int count = 0, values = 0;
        Operand last = default;
        do
        {
            _function.Declare(CheckName());
            count++;
        }
        while (Accept(','));
        if (Accept('=')) values = ExpressionList(out last);
        AdjustAssignment(count, values, ref last);
        _function.Activate(count);
    }

    private void Return()
    {
        lexer.Next();
        if (AtBlockEnd() || lexer.Current.Is(';'))
        {
            _function.Return(0, 0);
            return;
        }
        int values = ExpressionList(out Operand last);
        if (last.IsMulti)
        {
            _function.SetResults(ref last, -1);
            if (last.Kind == OperandKind.Call && values == 1)
            {
                ref Instruction call = ref _function.At(last.Info);
                call = new Instruction(Op.TailCall, call.A, call.B, 0);
            }
            _function.Return(_function.ActiveCount, -1);
        }
        else if (values == 1)
        {
            _function.Return(_function.ToAnyRegister(ref last), 1);
        }
        else
        {
            _function.ToNextRegister(ref last);
            _function.Return(_function.ActiveCount, values);
        }
    }

    private void ToNextRegister(Operand e) => _function.ToNextRegister(ref e);
}
