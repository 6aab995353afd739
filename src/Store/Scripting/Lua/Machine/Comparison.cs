namespace Galley.Store.Scripting.Lua;

/// <summary>Equality and order off the fast path.</summary>
internal static class Comparison
{
    public static bool AreEqual(LuaCoroutine coroutine, in LuaValue left, in LuaValue right)
    {
        if (left.Equals(right))
        {
            if (left.Object is LuaString text) coroutine.State.TickBytes(text.Length);
            return true;
        }
        if (left.Object is not LuaTable a || right.Object is not LuaTable b || a.Metatable is null || b.Metatable is null) return false;
        LuaValue handler = SharedHandler(a.Metatable, b.Metatable, LuaEvent.Equal);
        return !handler.IsNil && Calls.Metamethod(coroutine, handler, left, right).IsTrue;
    }

    public static bool IsLess(LuaCoroutine coroutine, in LuaValue left, in LuaValue right)
    {
        if (left.IsNumber && right.IsNumber) return left.Number < right.Number;
        if (left.Object is LuaString a && right.Object is LuaString b) return Compare(coroutine, a, b) < 0;
        if (left.Type == right.Type && TryHandler(coroutine.State, left, right, LuaEvent.Less, out LuaValue handler))
            return Calls.Metamethod(coroutine, handler, left, right).IsTrue;
        throw ErrorTexts.BadOrder(coroutine, left, right);
    }

    public static bool IsLessOrEqual(LuaCoroutine coroutine, in LuaValue left, in LuaValue right)
    {
        if (left.IsNumber && right.IsNumber) return left.Number <= right.Number;
        if (left.Object is LuaString a && right.Object is LuaString b) return Compare(coroutine, a, b) <= 0;
        if (left.Type == right.Type)
        {
            if (TryHandler(coroutine.State, left, right, LuaEvent.LessOrEqual, out LuaValue handler))
                return Calls.Metamethod(coroutine, handler, left, right).IsTrue;
            if (TryHandler(coroutine.State, right, left, LuaEvent.Less, out handler))
                return !Calls.Metamethod(coroutine, handler, right, left).IsTrue;
        }
        throw ErrorTexts.BadOrder(coroutine, left, right);
    }

    private static int Compare(LuaCoroutine coroutine, LuaString left, LuaString right)
    {
        coroutine.State.TickBytes(Math.Min(left.Length, right.Length));
        return left.CompareTo(right);
    }

    // Order asks both sides, and both must answer by the same function.
    private static bool TryHandler(LuaState state, in LuaValue left, in LuaValue right, LuaEvent what, out LuaValue handler)
    {
        handler = state.MetamethodOf(left, what);
        return !handler.IsNil && handler.Equals(state.MetamethodOf(right, what));
    }

    private static LuaValue SharedHandler(LuaTable a, LuaTable b, LuaEvent what)
    {
        LuaValue first = a.Metamethod(what);
        if (first.IsNil || ReferenceEquals(a, b)) return first;
        return first.Equals(b.Metamethod(what)) ? first : default;
    }
}
