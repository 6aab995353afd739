namespace Galley.Store.Scripting.Lua;

/// <summary>Arithmetic off the fast path: strings that read as numbers, and metamethods.</summary>
internal static class Arithmetic
{
    /// <summary>The result for two numbers.</summary>
    public static double Compute(LuaEvent what, double left, double right) => what switch
    {
        LuaEvent.Add => left + right,
        LuaEvent.Subtract => left - right,
        LuaEvent.Multiply => left * right,
        LuaEvent.Divide => left / right,
        LuaEvent.Modulo => Modulo(left, right),
        LuaEvent.Power => Math.Pow(left, right),
        _ => -left,
    };

    /// <summary>a - floor(a / b) * b.</summary>
    public static double Modulo(double left, double right) => left - (Math.Floor(left / right) * right);

    /// <summary>A string that reads as a number becomes it.</summary>
    public static bool TryConvert(ref LuaValue value)
    {
        if (value.IsNumber) return true;
        if (value.Object is not LuaString text || !LuaNumbers.TryRead(text.Span, out double number)) return false;
        value = number;
        return true;
    }

    /// <summary>The result for any two values.</summary>
    /// <param name="leftRegister">Where the left one is, for messages; -1 if in no register.</param>
    /// <param name="rightRegister">Where the right one is.</param>
    public static LuaValue Apply(LuaCoroutine coroutine, LuaEvent what, in LuaValue left, in LuaValue right, int leftRegister, int rightRegister)
    {
        LuaValue a = left, b = right;
        if (TryConvert(ref a) && TryConvert(ref b)) return Compute(what, a.Number, b.Number);
        LuaState state = coroutine.State;
        LuaValue handler = state.MetamethodOf(left, what);
        if (handler.IsNil) handler = state.MetamethodOf(right, what);
        if (!handler.IsNil) return Calls.Metamethod(coroutine, handler, left, right);
        a = left;
        throw TryConvert(ref a)
            ? ErrorTexts.BadOperand(coroutine, right, "perform arithmetic on", rightRegister)
            : ErrorTexts.BadOperand(coroutine, left, "perform arithmetic on", leftRegister);
    }
}
