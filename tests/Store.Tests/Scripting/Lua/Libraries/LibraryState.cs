using System.Text;
using Galley.Store.Scripting.Lua;
using Galley.Store.Scripting.Lua.Libraries;

namespace Galley.Store.Tests.Scripting.Lua.Libraries;

/// <summary>A state with all libraries, to run scripts in.</summary>
public sealed class LibraryState
{
    private readonly LuaState _state = new();

    public LibraryState()
    {
        BaseLibrary.Open(_state);
        CoroutineLibrary.Open(_state);
        StringLibrary.Open(_state);
        TableLibrary.Open(_state);
        MathLibrary.Open(_state, new ScriptRandom());
        OsLibrary.Open(_state);
        JsonLibrary.Open(_state);
        MessagePackLibrary.Open(_state);
        BitLibrary.Open(_state);
        StructLibrary.Open(_state);
    }

    public LuaState Lua => _state;

    /// <summary>Runs a script; its first result as text, or the error's.</summary>
    public string Run(string script)
    {
        try
        {
            LuaPrototype prototype = LuaPrototype.Compile(Encoding.Latin1.GetBytes(script), "@user_script"u8);
            ReadOnlySpan<LuaValue> results = _state.Call(_state.NewFunction(prototype), []);
            return results.IsEmpty ? "" : _state.ToText(results[0]).ToString();
        }
        catch (LuaException e)
        {
            return e.Message;
        }
    }
}
