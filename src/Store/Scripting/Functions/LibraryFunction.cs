using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>A function that FCALL can call.</summary>
/// <param name="Name">As it was registered; FCALL takes it in any case.</param>
/// <param name="Description">What it does, or null.</param>
internal sealed record LibraryFunction(byte[] Name, byte[]? Description, ScriptFlags Flags, LuaFunction Callback);

/// <summary>A library: its name, its text, and what it has registered.</summary>
internal sealed class FunctionLibrary(byte[] name, byte[] code)
{
    public byte[] Name { get; } = name;

    /// <summary>As FUNCTION LOAD was given it.</summary>
    public byte[] Code { get; } = code;

    public List<LibraryFunction> Functions { get; } = [];
}
