namespace Galley.Store.Scripting.Lua;

/// <summary>A function of a script: code, the variables around it, and where its globals are.</summary>
public sealed class LuaClosure : LuaFunction
{
    internal const int OverheadBytes = 64;

    internal readonly LuaPrototype Prototype;
    internal readonly Upvalue[] Upvalues;
    internal LuaTable Environment;

    internal LuaClosure(LuaPrototype prototype, Upvalue[] upvalues, LuaTable environment)
    {
        Prototype = prototype;
        Upvalues = upvalues;
        Environment = environment;
    }
}

/// <summary>A local variable that closures share: a register while its function runs, a value of its own afterwards.</summary>
internal sealed class Upvalue
{
    internal const int OverheadBytes = 64;

    /// <summary>The coroutine in whose registers it lives; null once it is on its own.</summary>
    internal LuaCoroutine? Owner;

    internal int Index;
    internal LuaValue Value;

    /// <summary>The next open one of the same coroutine, further down the stack.</summary>
    internal Upvalue? Next;

    internal int SeenBy;

    internal Upvalue(LuaCoroutine owner, int index, Upvalue? next)
    {
        Owner = owner;
        Index = index;
        Next = next;
    }
}
