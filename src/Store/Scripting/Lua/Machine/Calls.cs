namespace Galley.Store.Scripting.Lua;

/// <summary>Calls from the host's code into functions: each is a level of the host's own stack, so they are counted.</summary>
internal static class Calls
{
    // As many levels as C has in lua5.1.
    private const int LevelsMax = 200;

    // Beyond the bound, so that an error can be handled.
    private const int LevelsSpare = 25;

    /// <summary>Calls a handler of a metatable; its first result.</summary>
    public static LuaValue Metamethod(LuaCoroutine coroutine, in LuaValue handler, in LuaValue first, in LuaValue second, in LuaValue third)
    {
        int at = coroutine.End;
        coroutine.EnsureStack(at + 4);
        Span<LuaValue> room = coroutine.Stack.AsSpan(at, 4);
        room[0] = handler;
        room[1] = first;
        room[2] = second;
        room[3] = third;
        return One(coroutine, at, 3);
    }

    /// <summary>Calls a handler of a metatable; its first result.</summary>
    public static LuaValue Metamethod(LuaCoroutine coroutine, in LuaValue handler, in LuaValue first, in LuaValue second)
    {
        int at = coroutine.End;
        coroutine.EnsureStack(at + 3);
        Span<LuaValue> room = coroutine.Stack.AsSpan(at, 3);
        room[0] = handler;
        room[1] = first;
        room[2] = second;
        return One(coroutine, at, 2);
    }

    private static LuaValue One(LuaCoroutine coroutine, int at, int argumentCount)
    {
        int top = coroutine.Top;
        At(coroutine, at, argumentCount, 1);
        coroutine.Top = top;
        return coroutine.Stack[at];
    }

    /// <summary>Calls what lies on the stack with its arguments behind it; its results take its place.</summary>
    public static void At(LuaCoroutine coroutine, int functionIndex, int argumentCount, int wanted)
    {
        LuaState state = coroutine.State;
        if (++state.Levels >= LevelsMax) CheckLevels(coroutine);
        coroutine.HostCalls++;
        HostAccount account = state.Budget.LeaveHost();
        argumentCount += Callable(coroutine, functionIndex, argumentCount, -1);
        LuaFunction function = (LuaFunction)coroutine.Stack[functionIndex].Object!;
        if (function is LuaClosure closure)
        {
            state.Tick(closure.Prototype.Code.Length);
            coroutine.Enter(closure, functionIndex, argumentCount, wanted);
            Interpreter.Run(coroutine, coroutine.Depth);
        }
        else
        {
            state.Tick(1);
            coroutine.CallHost((NativeFunction)function, functionIndex, argumentCount, wanted);
        }
        state.Budget.ReturnToHost(account);
        coroutine.HostCalls--;
        state.Levels--;
    }

    /// <summary>Counts a level that a coroutine takes by being resumed.</summary>
    public static void EnterLevel(LuaCoroutine coroutine)
    {
        if (++coroutine.State.Levels >= LevelsMax) CheckLevels(coroutine);
    }

    private static void CheckLevels(LuaCoroutine coroutine)
    {
        if (coroutine.State.Levels == LevelsMax) throw ErrorTexts.Positioned(coroutine, "C stack overflow");
        if (coroutine.State.Levels >= LevelsMax + LevelsSpare) throw new LuaException("error in error handling");
    }

    /// <summary>Sees to it that a function lies there: what is none may have a handler, which is called with it.</summary>
    /// <returns>How many arguments that makes more.</returns>
    public static int Callable(LuaCoroutine coroutine, int functionIndex, int argumentCount, int register)
    {
        LuaValue value = coroutine.Stack[functionIndex];
        if (value.Object is LuaFunction) return 0;
        LuaValue handler = coroutine.State.MetamethodOf(value, LuaEvent.Call);
        if (handler.Object is not LuaFunction) throw ErrorTexts.BadOperand(coroutine, value, "call", register);
        coroutine.EnsureStack(functionIndex + argumentCount + 2);
        coroutine.Stack.AsSpan(functionIndex, argumentCount + 1).CopyTo(coroutine.Stack.AsSpan(functionIndex + 1));
        coroutine.Stack[functionIndex] = handler;
        return 1;
    }
}
