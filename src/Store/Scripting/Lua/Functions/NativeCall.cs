namespace Galley.Store.Scripting.Lua;

/// <summary>One call of a function of the host: its arguments, its results, and the way back into the script.</summary>
public ref partial struct NativeCall
{
    private readonly LuaCoroutine _coroutine;
    private readonly int _first;

    /// <summary>Where the results begin: behind the arguments, unless the function says otherwise.</summary>
    internal int FirstResult;

    internal NativeCall(LuaState state, LuaCoroutine coroutine, int first, int count)
    {
        State = state;
        _coroutine = coroutine;
        _first = first;
        Count = count;
        FirstResult = first + count;
    }

    /// <summary>The state that runs.</summary>
    public LuaState State { get; }

    /// <summary>How many arguments were given.</summary>
    public int Count { get; }

    /// <summary>The coroutine that has called.</summary>
    internal readonly LuaCoroutine Coroutine => _coroutine;

    /// <summary>Where the first argument is on its stack.</summary>
    internal readonly int First => _first;

    /// <summary>An argument, from 0; nil beyond the last.</summary>
    public readonly LuaValue this[int index] => (uint)index < (uint)Count ? _coroutine.Stack[_first + index] : LuaValue.Nil;

    /// <summary>A result that was added already.</summary>
    internal readonly ref LuaValue Result(int index) => ref _coroutine.Stack[FirstResult + index];

    /// <summary>Adds a result.</summary>
    public readonly void Return(LuaValue value)
    {
        LuaCoroutine coroutine = _coroutine;
        int top = coroutine.Top;
        if (top >= coroutine.Stack.Length) coroutine.EnsureStack(top + 1);
        coroutine.Stack[top] = value;
        coroutine.Top = top + 1;
    }

    /// <summary>Adds results.</summary>
    public readonly void Return(scoped ReadOnlySpan<LuaValue> values)
    {
        LuaCoroutine coroutine = _coroutine;
        coroutine.EnsureStack(coroutine.Top + values.Length);
        values.CopyTo(coroutine.Stack.AsSpan(coroutine.Top));
        coroutine.Top += values.Length;
    }

    /// <summary>Makes sure that so many results fit, as luaL_checkstack does: at most 8000.</summary>
    /// <exception cref="LuaException">stack overflow (message).</exception>
    public readonly void CheckRoom(int results, string message)
    {
        if (results + Count > LuaState.HostStackMax) throw Error($"stack overflow ({message})");
        _coroutine.EnsureStack(_coroutine.Top + results);
    }

    /// <summary>Calls a function of the script (or of the host).</summary>
    /// <returns>Its results; they stay valid until the next call.</returns>
    public readonly ReadOnlySpan<LuaValue> Call(LuaValue function, params scoped ReadOnlySpan<LuaValue> arguments) => State.Call(function, arguments);
}
