namespace Galley.Store.Scripting.Lua;

/// <summary>Where the value of an expression is, or how it is got; code is written as late as can be.</summary>
internal enum OperandKind : byte
{
    /// <summary>No value: the end of an empty list.</summary>
    None,
    Nil,
    True,
    False,

    /// <summary>K[Info].</summary>
    Constant,

    /// <summary>A number that has not become a constant, so that it can be folded.</summary>
    Number,

    /// <summary>A variable in register Info.</summary>
    Local,

    /// <summary>Upvalue Info.</summary>
    Upvalue,

    /// <summary>The global K[Info].</summary>
    Global,

    /// <summary>The table in register Info, by RK[Key].</summary>
    Indexed,

    /// <summary>A comparison, whose jump is at Info.</summary>
    Jump,

    /// <summary>The instruction at Info leaves it wherever its A says.</summary>
    Anywhere,

    /// <summary>Register Info.</summary>
    Register,

    /// <summary>The call at Info.</summary>
    Call,

    /// <summary>The variable arguments, taken at Info.</summary>
    Vararg,
}

/// <summary>An expression on its way to a register.</summary>
internal struct Operand(OperandKind kind, int info = 0)
{
    public OperandKind Kind = kind;
    public int Info = info;
    public int Key;
    public double Number;

    // Jumps that leave the expression where it is true or false; lists, linked through the jumps.
    public int WhenTrue = FunctionBuilder.NoJump;
    public int WhenFalse = FunctionBuilder.NoJump;

    public readonly bool HasJumps => WhenTrue != WhenFalse;

    public readonly bool IsMulti => Kind is OperandKind.Call or OperandKind.Vararg;

    public readonly bool IsNumeral => Kind == OperandKind.Number && !HasJumps;
}
