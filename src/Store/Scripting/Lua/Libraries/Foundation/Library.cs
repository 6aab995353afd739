namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>How a library comes into a state, and what all of them need of the host's side.</summary>
internal static class Library
{
    /// <summary>Makes the table of a library and names it in the globals.</summary>
    internal static LuaTable Open(LuaState state, string name)
    {
        LuaTable library = state.NewTable();
        state.Globals.Set(LuaString.From(name), library);
        return library;
    }

    /// <summary>Adds a function; what it refuses becomes an error of the script, with the position of the line that called.</summary>
    internal static void Add(LuaTable library, string name, NativeBody body) => library.Set(LuaString.From(name), Function(name, body));

    /// <summary>Adds a text, such as <c>_VERSION</c>.</summary>
    internal static void Add(LuaTable library, string name, string text) => library.Set(LuaString.From(name), LuaString.From(text));

    /// <summary>A function that is in no table by a name of its own, such as the iterator of gmatch.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="body">What it does.</param>
    /// <param name="held">What it keeps alive, which is counted against the script for as long.</param>
    internal static NativeFunction Function(string name, NativeBody body, params LuaValue[] held) => new(name, (ref NativeCall call) =>
    {
        try
        {
            body(ref call);
        }
        catch (RefusalException refusal)
        {
            throw refusal.Argument < 0 ? call.Error(refusal.Message) : call.BadArgument(refusal.Argument, refusal.Message);
        }
    })
    {
        Held = held,
    };

    /// <summary>An argument of the C type int: luaL_checkint.</summary>
    internal static int CheckInt(in NativeCall call, int index) => unchecked((int)call.CheckInteger(index));

    /// <summary>An argument of the C type int, or a default where it is nil or missing.</summary>
    internal static int OptionalInt(in NativeCall call, int index, int otherwise) => unchecked((int)call.OptionalInteger(index, otherwise));

    /// <summary>Writes to a table past its metamethods, as functions of C do; a table of redis-server's own is read-only to them, too.</summary>
    internal static void Write(LuaTable table, LuaValue key, LuaValue value)
    {
        if (table.IsReadOnly) throw new LuaException(ErrorTexts.ReadOnly);
        table.Set(key, value);
    }
}
