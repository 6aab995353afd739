namespace Galley.Store.Scripting.Lua;

/// <summary>One call of a function of the host: its arguments, its results, and the way back into the script.</summary>
public ref partial struct NativeCall
{
    private readonly ReadOnlySpan<LuaValue> _arguments;
    private List<LuaValue>? _results;

    /// <summary>For tests and for the interpreter.</summary>
    internal NativeCall(LuaState state, ReadOnlySpan<LuaValue> arguments)
    {
        State = state;
        _arguments = arguments;
    }

    /// <summary>The state that runs.</summary>
    public LuaState State { get; }

    /// <summary>How many arguments were given.</summary>
    public readonly int Count => _arguments.Length;

    /// <summary>An argument, from 0; nil beyond the last.</summary>
    public readonly LuaValue this[int index] => index < _arguments.Length ? _arguments[index] : LuaValue.Nil;

    /// <summary>Adds a result.</summary>
    public void Return(LuaValue value) => (_results ??= []).Add(value);

    /// <summary>Calls a function of the script (or of the host).</summary>
    /// <returns>Its results; they stay valid until the next call.</returns>
    public readonly ReadOnlySpan<LuaValue> Call(LuaValue function, params scoped ReadOnlySpan<LuaValue> arguments) => State.Call(function, arguments);

    /// <summary>An error with the position of the script's line that called, as luaL_error makes it.</summary>
    public readonly LuaException Error(string message) => throw new NotSupportedException(message);

    /// <summary>"bad argument #1 to 'name' (message)", as luaL_argerror makes it; the index counts from 0.</summary>
    public readonly LuaException BadArgument(int index, string message) => throw new NotSupportedException(message + index);

    /// <summary>"... (string expected, got nil)", as luaL_typerror makes it ("got no value" beyond the last).</summary>
    public readonly LuaException BadType(int index, string expected) => throw new NotSupportedException(expected + index);

    /// <summary>A string argument; a number is converted as tostring does, but not in place.</summary>
    public readonly LuaString CheckString(int index) => throw new NotSupportedException();

    /// <summary>A number argument; a string that reads as a number is one.</summary>
    public readonly double CheckNumber(int index) => throw new NotSupportedException();

    /// <summary>A number argument as an integer, cut as a C cast of lua_Number to ptrdiff_t does.</summary>
    public readonly long CheckInteger(int index) => throw new NotSupportedException();

    /// <summary>An integer argument, or a default where it is nil or missing.</summary>
    public readonly long OptionalInteger(int index, long otherwise) => throw new NotSupportedException();

    /// <summary>A table argument.</summary>
    public readonly LuaTable CheckTable(int index) => throw new NotSupportedException();

    /// <summary>An argument that must be there, be it nil: "value expected".</summary>
    public readonly LuaValue CheckAny(int index) => throw new NotSupportedException();
}
