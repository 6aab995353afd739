namespace Galley.Store.Scripting.Lua;

/// <content>Values on their way to registers.</content>
internal sealed partial class FunctionBuilder
{
    // So many constants can be operands; those beyond are loaded first.
    private const int OperandConstantsMax = Instruction.ConstantBit - 1;

    /// <summary>A call or varargs gives this many results; -1: all.</summary>
    public void SetResults(ref Operand e, int count)
    {
        if (e.Kind == OperandKind.Call) At(e.Info) = At(e.Info).WithC(count + 1);
        else if (e.Kind == OperandKind.Vararg)
        {
            At(e.Info) = At(e.Info).WithB(count + 1).WithA(FreeRegister);
            Reserve(1);
        }
    }

    /// <summary>A call or varargs is cut to one value.</summary>
    public void SetOneResult(ref Operand e)
    {
        if (e.Kind == OperandKind.Call)
        {
            e.Kind = OperandKind.Register;
            e.Info = At(e.Info).A;
        }
        else if (e.Kind == OperandKind.Vararg)
        {
            At(e.Info) = At(e.Info).WithB(2);
            e.Kind = OperandKind.Anywhere;
        }
    }

    /// <summary>A variable becomes its value.</summary>
    public void Read(ref Operand e)
    {
        switch (e.Kind)
        {
            case OperandKind.Local:
                e.Kind = OperandKind.Register;
                break;
            case OperandKind.Upvalue:
                e.Info = Emit(Op.GetUpvalue, 0, e.Info, 0);
                e.Kind = OperandKind.Anywhere;
                break;
            case OperandKind.Global:
                e.Info = Emit(Instruction.Wide(Op.GetGlobal, 0, e.Info));
                e.Kind = OperandKind.Anywhere;
                break;
            case OperandKind.Indexed:
                FreeTemporary(e.Key);
                FreeTemporary(e.Info);
                Op op = e.Key < Instruction.ConstantBit ? Op.GetTable : IsString(e.Key) ? Op.GetField : Op.GetIndex;
                e.Info = Emit(op, 0, e.Info, e.Key & ~Instruction.ConstantBit);
                e.Kind = OperandKind.Anywhere;
                break;
            default:
                SetOneResult(ref e);
                break;
        }
    }

    private bool IsString(int operand) => _constants[operand & ~Instruction.ConstantBit].Object is LuaString;

    private void Discharge(ref Operand e, int register)
    {
        Read(ref e);
        switch (e.Kind)
        {
            case OperandKind.Nil: LoadNil(register, 1); break;
            case OperandKind.True or OperandKind.False: Emit(Op.LoadBoolean, register, e.Kind == OperandKind.True ? 1 : 0, 0); break;
            case OperandKind.Constant: Emit(Instruction.Wide(Op.LoadConstant, register, e.Info)); break;
            case OperandKind.Number: Emit(Instruction.Wide(Op.LoadConstant, register, Constant(e.Number))); break;
            case OperandKind.Anywhere: At(e.Info) = At(e.Info).WithA(register); break;
            case OperandKind.Register:
                if (e.Info != register) Emit(Op.Move, register, e.Info, 0);
                break;
            default: return;
        }
        e.Info = register;
        e.Kind = OperandKind.Register;
    }

    private void ToRegister(ref Operand e, int register)
    {
        Discharge(ref e, register);
        if (e.Kind == OperandKind.Jump) Concat(ref e.WhenTrue, e.Info);
        if (e.HasJumps)
        {
            int whenFalse = NoJump, whenTrue = NoJump;
            if (NeedsValue(e.WhenTrue) || NeedsValue(e.WhenFalse))
            {
                int over = e.Kind == OperandKind.Jump ? NoJump : Jump();
                Label();
                whenFalse = Emit(Op.LoadBoolean, register, 0, 1);
                Label();
                whenTrue = Emit(Op.LoadBoolean, register, 1, 0);
                PatchToHere(over);
            }
            int end = Label();
            PatchList(e.WhenFalse, end, whenFalse, register);
            PatchList(e.WhenTrue, end, whenTrue, register);
        }
        e = new Operand(OperandKind.Register, register);
    }

    /// <summary>The value comes to the next free register.</summary>
    public void ToNextRegister(ref Operand e)
    {
        Read(ref e);
        Free(e);
        Reserve(1);
        ToRegister(ref e, FreeRegister - 1);
    }

    /// <summary>The value comes to some register.</summary>
    public int ToAnyRegister(ref Operand e)
    {
        Read(ref e);
        if (e.Kind == OperandKind.Register)
        {
            if (!e.HasJumps) return e.Info;
            if (e.Info >= ActiveCount)
            {
                ToRegister(ref e, e.Info);
                return e.Info;
            }
        }
        ToNextRegister(ref e);
        return e.Info;
    }

    /// <summary>The value is in a register, or a constant that needs none.</summary>
    public void ToValue(ref Operand e)
    {
        if (e.HasJumps) ToAnyRegister(ref e);
        else Read(ref e);
    }

    /// <summary>The value as an operand of 16 bits: a register, or a constant.</summary>
    public int ToOperand(ref Operand e)
    {
        ToValue(ref e);
        if (!e.HasJumps && TryConstant(ref e) && e.Info <= OperandConstantsMax) return e.Info | Instruction.ConstantBit;
        return ToAnyRegister(ref e);
    }

    // As an operand of arithmetic and order, whose constants are numbers.
    private int ToNumericOperand(ref Operand e) => e.IsNumeral ? ToOperand(ref e) : ToAnyRegister(ref e);

    private bool TryConstant(ref Operand e)
    {
        LuaValue value;
        switch (e.Kind)
        {
            case OperandKind.Constant: return true;
            case OperandKind.Number: value = e.Number; break;
            case OperandKind.Nil: value = default; break;
            case OperandKind.True or OperandKind.False: value = e.Kind == OperandKind.True; break;
            default: return false;
        }
        e.Kind = OperandKind.Constant;
        e.Info = Constant(value);
        return true;
    }

    /// <summary>Gives a variable a value.</summary>
    public void Store(in Operand variable, ref Operand value)
    {
        switch (variable.Kind)
        {
            case OperandKind.Local:
                Free(value);
                ToRegister(ref value, variable.Info);
                return;
            case OperandKind.Upvalue:
                Emit(Op.SetUpvalue, ToAnyRegister(ref value), variable.Info, 0);
                break;
            case OperandKind.Global:
                Emit(Instruction.Wide(Op.SetGlobal, ToAnyRegister(ref value), variable.Info));
                break;
            case OperandKind.Indexed:
                int operand = ToOperand(ref value);
                Op op = variable.Key < Instruction.ConstantBit ? Op.SetTable : IsString(variable.Key) ? Op.SetField : Op.SetIndex;
                Emit(op, variable.Info, variable.Key & ~Instruction.ConstantBit, operand);
                break;
        }
        Free(value);
    }

    /// <summary>e:key, with e as the first argument to come.</summary>
    public void Self(ref Operand e, LuaString name)
    {
        ToAnyRegister(ref e);
        Free(e);
        int function = FreeRegister;
        Reserve(2);
        var key = new Operand(OperandKind.Constant, Constant(name));
        if (key.Info <= OperandConstantsMax) Emit(Op.Self, function, e.Info, key.Info);
        else
        {
            Emit(Op.Move, function + 1, e.Info, 0);
            ToNextRegister(ref key);
            Emit(Op.GetTable, function, function + 1, key.Info);
            Free(key);
        }
        e = new Operand(OperandKind.Register, function);
    }

    /// <summary>t[key]: the table is in a register.</summary>
    public void Index(ref Operand table, ref Operand key)
    {
        table.Key = ToOperand(ref key);
        table.Kind = OperandKind.Indexed;
    }
}
