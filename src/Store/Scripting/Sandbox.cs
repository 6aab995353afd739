using Galley.Store.Scripting.Lua;
using Galley.Store.Scripting.Lua.Libraries;

namespace Galley.Store.Scripting;

/// <summary>
/// The Lua that scripts meet: the libraries that redis-server leaves, whose tables nobody may write to, and globals that
/// have to exist before they are read.
/// </summary>
internal static class Sandbox
{
    /// <summary>The most memory that the scripts of one state may hold, in bytes.</summary>
    private const long BytesMax = 1024L * 1024 * 1024;

    /// <summary>What Lua has, and redis-server takes away.</summary>
    private static readonly string[] Absent = ["getfenv", "setfenv", "dofile", "loadfile", "newproxy", "print", "require", "module"];

    /// <summary>A state with all libraries but <c>redis</c>; <see cref="Seal"/> makes it fit for scripts.</summary>
    public static LuaState NewState()
    {
        var state = new LuaState();
        state.Budget.BytesMax = BytesMax;
        BaseLibrary.Open(state);
        CoroutineLibrary.Open(state);
        LuaTable strings = state.NewTable(hashCapacity: 1);
        strings.Set(LuaString.From("__index"), StringLibrary.Open(state));
        state.StringMetatable = strings;
        TableLibrary.Open(state);
        MathLibrary.Open(state, new ScriptRandom());
        OsLibrary.Open(state);
        JsonLibrary.Open(state);
        MessagePackLibrary.Open(state);
        BitLibrary.Open(state);
        StructLibrary.Open(state);
        foreach (string name in Absent) state.Globals.Set(LuaString.From(name), LuaValue.Nil);
        return state;
    }

    /// <summary>From here on scripts can change no global, no library and no metatable of a type.</summary>
    public static void Seal(LuaState state)
    {
        LuaTable globals = state.Globals;
        globals.Metatable = Guard(state);
        LuaValue key = LuaValue.Nil;
        while (globals.TryNext(ref key, out LuaValue value))
        {
            if (value.AsTable is { } library && !ReferenceEquals(library, globals)) library.IsReadOnly = true;
        }
        globals.IsReadOnly = true;
        if (state.StringMetatable is { } strings) strings.IsReadOnly = true;
    }

    /// <summary>A metatable whose owner complains of what it does not have.</summary>
    public static LuaTable Guard(LuaState state)
    {
        LuaTable guard = state.NewTable(hashCapacity: 1);
        guard.Set(LuaString.From("__index"), new NativeFunction("__index", RefuseUnknown));
        guard.IsReadOnly = true;
        return guard;
    }

    private static void RefuseUnknown(ref NativeCall call) =>
        throw call.Error($"Script attempted to access nonexistent global variable '{NameOf(in call)}'");

    private static string NameOf(in NativeCall call) =>
        call[1].AsString is not null || call[1].IsNumber ? call.State.ToText(call[1]).ToString() : "(null)";
}
