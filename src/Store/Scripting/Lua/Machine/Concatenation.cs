namespace Galley.Store.Scripting.Lua;

/// <summary>The operator .. over registers.</summary>
internal static class Concatenation
{
    /// <summary>Joins values on the stack, from the last to the first, as the operator binds; metamethods may come between.</summary>
    /// <returns>The result.</returns>
    public static LuaValue Join(LuaCoroutine coroutine, int first, int last)
    {
        LuaValue right = coroutine.Stack[last];
        for (int at = last - 1; at >= first;)
        {
            LuaValue left = coroutine.Stack[at];
            if (!IsText(left) || !IsText(right))
            {
                right = Handle(coroutine, left, right, at - coroutine.Frame.Base, at + 1 == last ? last - coroutine.Frame.Base : -1);
                at--;
                continue;
            }
            int start = at;
            while (start > first && IsText(coroutine.Stack[start - 1])) start--;
            right = JoinTexts(coroutine, start, at, right);
            at = start - 1;
        }
        return right;
    }

    private static bool IsText(in LuaValue value) => value.Object is LuaString || value.IsNumber;

    private static LuaValue Handle(LuaCoroutine coroutine, in LuaValue left, in LuaValue right, int leftRegister, int rightRegister)
    {
        LuaValue handler = coroutine.State.MetamethodOf(left, LuaEvent.Concat);
        if (handler.IsNil) handler = coroutine.State.MetamethodOf(right, LuaEvent.Concat);
        if (!handler.IsNil) return Calls.Metamethod(coroutine, handler, left, right);
        throw IsText(left)
            ? ErrorTexts.BadOperand(coroutine, right, "concatenate", rightRegister)
            : ErrorTexts.BadOperand(coroutine, left, "concatenate", leftRegister);
    }

    private static LuaValue JoinTexts(LuaCoroutine coroutine, int start, int end, in LuaValue last)
    {
        Span<byte> digits = stackalloc byte[LuaNumbers.TextBytesMax];
        ReadOnlySpan<LuaValue> values = coroutine.Stack.AsSpan(start, end - start + 1);
        long length = LengthOf(last, digits);
        foreach (ref readonly LuaValue value in values) length += LengthOf(value, digits);
        if (length > Array.MaxLength) throw new LuaException("not enough memory");
        if (length == 0) return LuaString.Empty;
        coroutine.State.TickBytes(length);
        coroutine.State.Budget.Charge(LuaString.OverheadBytes + length);
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
        int at = 0;
        foreach (ref readonly LuaValue value in values) at += Write(value, bytes.AsSpan(at), digits);
        Write(last, bytes.AsSpan(at), digits);
        return new LuaString(bytes);
    }

    private static int LengthOf(in LuaValue value, Span<byte> digits) => value.Object is LuaString text ? text.Length : LuaNumbers.Write(value.Number, digits);

    private static int Write(in LuaValue value, Span<byte> to, Span<byte> digits)
    {
        if (value.Object is LuaString text)
        {
            text.Span.CopyTo(to);
            return text.Length;
        }
        int length = LuaNumbers.Write(value.Number, digits);
        digits[..length].CopyTo(to);
        return length;
    }
}
