namespace Galley.Store.Scripting.Lua;

/// <summary>A call that runs: of a closure, or of a function of the host.</summary>
internal struct CallFrame
{
    /// <summary>As many results as there are.</summary>
    public const int AllResults = -1;

    public LuaFunction Function;

    /// <summary>Where the function was on the stack, and where its results go.</summary>
    public int FunctionIndex;

    /// <summary>The first register, or argument of a function of the host.</summary>
    public int Base;

    /// <summary>The instruction that comes next.</summary>
    public int Pc;

    /// <summary>How many results the caller wants.</summary>
    public int Wanted;

    /// <summary>Calls that this one has taken the place of.</summary>
    public int TailCalls;
}
