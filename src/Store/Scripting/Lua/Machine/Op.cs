namespace Galley.Store.Scripting.Lua;

/// <summary>
/// What an instruction does. R is a register, K a constant, RK either. Comparisons and tests are followed by a jump, which is
/// taken if the condition is as A says.
/// </summary>
internal enum Op : byte
{
    /// <summary>R[A] = R[B].</summary>
    Move,

    /// <summary>R[A] = K[Bx].</summary>
    LoadConstant,

    /// <summary>R[A] = B is not 0; skips the next if C is not 0.</summary>
    LoadBoolean,

    /// <summary>R[A] to R[B] = nil.</summary>
    LoadNil,

    /// <summary>R[A] = upvalue B.</summary>
    GetUpvalue,

    /// <summary>upvalue B = R[A].</summary>
    SetUpvalue,

    /// <summary>R[A] = the global K[Bx].</summary>
    GetGlobal,

    /// <summary>The global K[Bx] = R[A].</summary>
    SetGlobal,

    /// <summary>R[A] = R[B][R[C]].</summary>
    GetTable,

    /// <summary>R[A] = R[B][K[C]], a string.</summary>
    GetField,

    /// <summary>R[A] = R[B][K[C]], no string.</summary>
    GetIndex,

    /// <summary>R[A][R[B]] = RK[C].</summary>
    SetTable,

    /// <summary>R[A][K[B]] = RK[C], a string for a key.</summary>
    SetField,

    /// <summary>R[A][K[B]] = RK[C], no string for a key.</summary>
    SetIndex,

    /// <summary>R[A] = a table with room for B elements and C keys.</summary>
    NewTable,

    /// <summary>R[A + 1] = R[B]; R[A] = R[B][K[C]], a string.</summary>
    Self,

    /// <summary>R[A] = R[B] + R[C]; the next two with K[C], with K[B] + R[C]: constants are numbers.</summary>
    Add,
    AddConstant,
    AddToConstant,
    Subtract,
    SubtractConstant,
    SubtractFromConstant,
    Multiply,
    MultiplyConstant,
    MultiplyWithConstant,
    Divide,
    DivideConstant,
    DivideFromConstant,
    Modulo,
    ModuloConstant,
    ModuloFromConstant,
    Power,
    PowerConstant,
    PowerOfConstant,

    /// <summary>R[A] = -R[B].</summary>
    Negate,

    /// <summary>R[A] = not R[B].</summary>
    Not,

    /// <summary>R[A] = #R[B].</summary>
    Length,

    /// <summary>R[A] = R[B] .. to R[C].</summary>
    Concat,

    /// <summary>pc += Bx.</summary>
    Jump,

    /// <summary>R[B] == R[C].</summary>
    Equal,

    /// <summary>R[B] == K[C].</summary>
    EqualConstant,

    /// <summary>R[B] less than R[C]; the next two with K[C], with K[B]: constants are numbers.</summary>
    Less,
    LessThanConstant,
    ConstantLess,
    LessOrEqual,
    LessOrEqualConstant,
    ConstantLessOrEqual,

    /// <summary>R[A] is true as C says.</summary>
    Test,

    /// <summary>R[B] is true as C says, and is copied to R[A] if the jump is taken.</summary>
    TestSet,

    /// <summary>R[A] .. = R[A](R[A + 1] ..): B - 1 arguments, C - 1 results; 0 means up to the top.</summary>
    Call,

    /// <summary>return R[A](R[A + 1] ..): B - 1 arguments.</summary>
    TailCall,

    /// <summary>return R[A] ..: B - 1 values.</summary>
    Return,

    /// <summary>R[A] += R[A + 2]; if it is within R[A + 1]: R[A + 3] = R[A], pc += Bx.</summary>
    ForLoop,

    /// <summary>R[A] -= R[A + 2]; pc += Bx.</summary>
    ForPrepare,

    /// <summary>R[A + 3] .. = R[A](R[A + 1], R[A + 2]): C values; if the first is nil, the next is skipped, else R[A + 2] is the first.</summary>
    ForIn,

    /// <summary>R[A][(batch - 1) * 50 + i] = R[A + i] for 1 to B (0: to the top); the batch is C and D.</summary>
    SetList,

    /// <summary>Variables from R[A] on outlive their block.</summary>
    Close,

    /// <summary>R[A] = a closure of function Bx.</summary>
    Closure,

    /// <summary>R[A] .. = the variable arguments: B - 1 of them.</summary>
    Vararg,
}
