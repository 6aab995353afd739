using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>A function that FCALL can call.</summary>
/// <param name="Name">As it was registered; FCALL takes it in any case.</param>
/// <param name="Description">What it does, or null.</param>
internal sealed record LibraryFunction(byte[] Name, byte[]? Description, ScriptFlags Flags, LuaFunction Callback);

/// <summary>A library: its name, its text, and what it has registered.</summary>
internal sealed class FunctionLibrary(byte[] name, byte[] code)
{
    /// <summary>The objects and entries of a library, or of a function.</summary>
    private const int OverheadBytes = 200;

    public byte[] Name { get; } = name;

    /// <summary>As FUNCTION LOAD was given it.</summary>
    public byte[] Code { get; } = code;

    public List<LibraryFunction> Functions { get; } = [];

    /// <summary>Bytes of the text and of what finds the functions, roughly; what they are compiled to is the state's.</summary>
    public long TextBytes => Code.Length + (OverheadBytes * (1L + Functions.Count));
}
