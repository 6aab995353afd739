namespace Galley.Store.Scripting.Lua;

/// <summary>The operators with two sides, as the parser knows them.</summary>
internal enum BinaryOperator : byte
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Concat,
    NotEqual,
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    None,
}

/// <content>Operators.</content>
internal sealed partial class FunctionBuilder
{
    /// <summary>Goes on only if a value is true.</summary>
    public void GoIfTrue(ref Operand e)
    {
        Read(ref e);
        int jump = e.Kind switch
        {
            OperandKind.Constant or OperandKind.Number or OperandKind.True => NoJump,
            OperandKind.Jump => Invert(e.Info),
            _ => JumpOn(ref e, false),
        };
        Concat(ref e.WhenFalse, jump);
        PatchToHere(e.WhenTrue);
        e.WhenTrue = NoJump;
    }

    private void GoIfFalse(ref Operand e)
    {
        Read(ref e);
        int jump = e.Kind switch
        {
            OperandKind.Nil or OperandKind.False => NoJump,
            OperandKind.Jump => e.Info,
            _ => JumpOn(ref e, true),
        };
        Concat(ref e.WhenTrue, jump);
        PatchToHere(e.WhenFalse);
        e.WhenFalse = NoJump;
    }

    private int Invert(int jump)
    {
        ref Instruction test = ref TestOf(jump);
        test = test.WithA(test.A ^ 1);
        return jump;
    }

    private int JumpOn(ref Operand e, bool condition)
    {
        if (e.Kind == OperandKind.Anywhere && At(e.Info).Op == Op.Not && e.Info == Pc - 1)
        {
            int register = At(e.Info).B;
            Pc--; // The test does what the operator would.
            return ConditionalJump(Op.Test, register, 0, condition ? 0 : 1);
        }
        if (e.Kind != OperandKind.Register)
        {
            Reserve(1);
            Discharge(ref e, FreeRegister - 1);
        }
        Free(e);
        return ConditionalJump(Op.TestSet, NoRegister, e.Info, condition ? 1 : 0);
    }

    public void Not(ref Operand e)
    {
        Read(ref e);
        switch (e.Kind)
        {
            case OperandKind.Nil or OperandKind.False: e.Kind = OperandKind.True; break;
            case OperandKind.Constant or OperandKind.Number or OperandKind.True: e.Kind = OperandKind.False; break;
            case OperandKind.Jump: Invert(e.Info); break;
            default:
                if (e.Kind != OperandKind.Register)
                {
                    Reserve(1);
                    Discharge(ref e, FreeRegister - 1);
                }
                Free(e);
                e.Info = Emit(Op.Not, 0, e.Info, 0);
                e.Kind = OperandKind.Anywhere;
                break;
        }
        (e.WhenTrue, e.WhenFalse) = (e.WhenFalse, e.WhenTrue);
        DropValues(e.WhenFalse);
        DropValues(e.WhenTrue);
    }

    public void Negate(ref Operand e)
    {
        if (e.IsNumeral)
        {
            e.Number = -e.Number;
            return;
        }
        ToAnyRegister(ref e);
        Unary(Op.Negate, ref e);
    }

    public void Length(ref Operand e)
    {
        ToAnyRegister(ref e);
        Unary(Op.Length, ref e);
    }

    private void Unary(Op op, ref Operand e)
    {
        Free(e);
        e.Info = Emit(op, 0, e.Info, 0);
        e.Kind = OperandKind.Anywhere;
    }

    /// <summary>The left side has been read, the operator has been seen.</summary>
    public void BeginBinary(BinaryOperator what, ref Operand left)
    {
        switch (what)
        {
            case BinaryOperator.And: GoIfTrue(ref left); break;
            case BinaryOperator.Or: GoIfFalse(ref left); break;
            case BinaryOperator.Concat: ToNextRegister(ref left); break;
            case BinaryOperator.Equal or BinaryOperator.NotEqual: ToOperand(ref left); break;
            default:
                if (!left.IsNumeral) ToAnyRegister(ref left);
                break;
        }
    }

    /// <summary>Both sides have been read.</summary>
    public void EndBinary(BinaryOperator what, ref Operand left, ref Operand right)
    {
        switch (what)
        {
            case BinaryOperator.And:
                Read(ref right);
                Concat(ref right.WhenFalse, left.WhenFalse);
                left = right;
                break;
            case BinaryOperator.Or:
                Read(ref right);
                Concat(ref right.WhenTrue, left.WhenTrue);
                left = right;
                break;
            case BinaryOperator.Concat: EndConcat(ref left, ref right); break;
            case BinaryOperator.Equal or BinaryOperator.NotEqual: EndEqual(ref left, ref right, what == BinaryOperator.Equal); break;
            case BinaryOperator.Less: EndOrder(Op.Less, ref left, ref left, ref right); break;
            case BinaryOperator.LessOrEqual: EndOrder(Op.LessOrEqual, ref left, ref left, ref right); break;
            case BinaryOperator.Greater: EndOrder(Op.Less, ref left, ref right, ref left); break;
            case BinaryOperator.GreaterOrEqual: EndOrder(Op.LessOrEqual, ref left, ref right, ref left); break;
            default: EndArithmetic(what, ref left, ref right); break;
        }
    }

    // a .. (b .. c): one instruction for all.
    private void EndConcat(ref Operand left, ref Operand right)
    {
        ToValue(ref right);
        if (right.Kind == OperandKind.Anywhere && At(right.Info).Op == Op.Concat)
        {
            Free(left);
            At(right.Info) = At(right.Info).WithB(left.Info);
            left = new Operand(OperandKind.Anywhere, right.Info);
            return;
        }
        ToNextRegister(ref right);
        Free(right);
        Free(left);
        left = new Operand(OperandKind.Anywhere, Emit(Op.Concat, 0, left.Info, right.Info));
    }

    private void EndEqual(ref Operand left, ref Operand right, bool wanted)
    {
        int b = ToOperand(ref left), c = ToOperand(ref right);
        if (b >= Instruction.ConstantBit && c >= Instruction.ConstantBit) b = ToAnyRegister(ref left);
        if (b >= Instruction.ConstantBit) (b, c) = (c, b);
        FreeBoth(left, right);
        int jump = c >= Instruction.ConstantBit
            ? ConditionalJump(Op.EqualConstant, wanted ? 1 : 0, b, c & ~Instruction.ConstantBit)
            : ConditionalJump(Op.Equal, wanted ? 1 : 0, b, c);
        left = new Operand(OperandKind.Jump, jump);
    }

    private void EndOrder(Op op, ref Operand result, ref Operand smaller, ref Operand larger)
    {
        (int b, int c) = NumericOperands(ref smaller, ref larger);
        FreeBoth(smaller, larger);
        op = (Op)((int)op + (c >= Instruction.ConstantBit ? 1 : b >= Instruction.ConstantBit ? 2 : 0));
        result = new Operand(OperandKind.Jump, ConditionalJump(op, 1, b & ~Instruction.ConstantBit, c & ~Instruction.ConstantBit));
    }

    private void EndArithmetic(BinaryOperator what, ref Operand left, ref Operand right)
    {
        if (left.IsNumeral && right.IsNumeral && TryFold(what, left.Number, right.Number, out double folded))
        {
            left.Number = folded;
            return;
        }
        (int b, int c) = NumericOperands(ref left, ref right);
        FreeBoth(left, right);
        var op = (Op)((int)Op.Add + (3 * (int)what) + (c >= Instruction.ConstantBit ? 1 : b >= Instruction.ConstantBit ? 2 : 0));
        left = new Operand(OperandKind.Anywhere, Emit(op, 0, b & ~Instruction.ConstantBit, c & ~Instruction.ConstantBit));
    }

    // Two constants cannot both be operands.
    private (int Left, int Right) NumericOperands(ref Operand left, ref Operand right)
    {
        int c = ToNumericOperand(ref right), b = ToNumericOperand(ref left);
        return b >= Instruction.ConstantBit && c >= Instruction.ConstantBit ? (ToAnyRegister(ref left), c) : (b, c);
    }

    private void FreeBoth(in Operand left, in Operand right)
    {
        Free(left);
        Free(right);
    }

    private static bool TryFold(BinaryOperator what, double left, double right, out double result)
    {
        result = 0;
        if (what is BinaryOperator.Divide or BinaryOperator.Modulo && right == 0) return false;
        result = Arithmetic.Compute((LuaEvent)((int)LuaEvent.Add + (int)what), left, right);
        return !double.IsNaN(result);
    }
}
