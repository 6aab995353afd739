namespace Galley.Store.Scripting.Lua;

/// <summary>The host stops a script: no pcall catches it.</summary>
public class LuaStopException(string message) : Exception(message);
