namespace Galley.Store.Scripting.Lua;

/// <content>Arguments looked at, and the errors if they are not as they should be.</content>
public ref partial struct NativeCall
{
    /// <summary>An error with the position of the script's line that called, as luaL_error makes it.</summary>
    public readonly LuaException Error(string message) => new(ErrorTexts.Text(ErrorTexts.Where(_coroutine, 1) + message));

    /// <summary>"bad argument #1 to 'name' (message)", as luaL_argerror makes it; the index counts from 0.</summary>
    public readonly LuaException BadArgument(int index, string message)
    {
        (string? name, bool isMethod) = CallNames.Of(_coroutine, _coroutine.Depth);
        int number = isMethod ? index : index + 1;
        return number == 0
            ? Error($"calling '{name}' on bad self ({message})")
            : Error($"bad argument #{number} to '{name ?? "?"}' ({message})");
    }

    /// <summary>"... (string expected, got nil)", as luaL_typerror makes it ("got no value" beyond the last).</summary>
    public readonly LuaException BadType(int index, string expected) =>
        BadArgument(index, $"{expected} expected, got {(index >= Count ? "no value" : LuaState.NameOf(this[index].Type))}");

    /// <summary>A string argument; a number is converted as tostring does, but not in place.</summary>
    public readonly LuaString CheckString(int index)
    {
        LuaValue value = this[index];
        return value.AsString ?? (value.IsNumber ? State.ToText(value) : throw BadType(index, "string"));
    }

    /// <summary>A number argument; a string that reads as a number is one.</summary>
    public readonly double CheckNumber(int index)
    {
        LuaValue value = this[index];
        return value.IsNumber || Arithmetic.TryConvert(ref value) ? value.Number : throw BadType(index, "number");
    }

    /// <summary>A number argument as an integer, cut as a C cast of lua_Number to ptrdiff_t does.</summary>
    public readonly long CheckInteger(int index) => double.ConvertToIntegerNative<long>(CheckNumber(index));

    /// <summary>An integer argument, or a default where it is nil or missing.</summary>
    public readonly long OptionalInteger(int index, long otherwise) => this[index].IsNil ? otherwise : CheckInteger(index);

    /// <summary>A table argument.</summary>
    public readonly LuaTable CheckTable(int index) => this[index].AsTable ?? throw BadType(index, "table");

    /// <summary>A table argument that a script may write to.</summary>
    /// <exception cref="LuaException">Attempt to modify a readonly table.</exception>
    public readonly LuaTable CheckWritable(int index)
    {
        LuaTable table = CheckTable(index);
        return table.IsReadOnly ? throw new LuaException(ErrorTexts.ReadOnly) : table;
    }

    /// <summary>A function argument.</summary>
    public readonly LuaFunction CheckFunction(int index) => this[index].AsFunction ?? throw BadType(index, "function");

    /// <summary>An argument that must be there, be it nil: "value expected".</summary>
    public readonly LuaValue CheckAny(int index) => index < Count ? this[index] : throw BadArgument(index, "value expected");
}
