namespace Galley.Store.Scripting.Lua;

/// <summary>A function: a closure of Lua, or one of the host.</summary>
public abstract class LuaFunction : LuaObject
{
    private protected LuaFunction()
        : base(LuaType.Function)
    {
    }
}

/// <summary>What a function of the host does.</summary>
/// <param name="call">The arguments, and where the results go.</param>
public delegate void NativeBody(ref NativeCall call);

/// <summary>A function of the host.</summary>
/// <param name="name">What it is called where no script's instruction names it.</param>
/// <param name="body">What it does.</param>
public sealed class NativeFunction(string name, NativeBody body) : LuaFunction
{
    /// <summary>What a function takes that a script has made, without what it holds.</summary>
    internal const int OverheadBytes = 192;

    /// <summary>What it is called where no script's instruction names it.</summary>
    public string Name { get; } = name;

    /// <summary>What it does.</summary>
    public NativeBody Body { get; } = body;

    /// <summary>Values that it keeps alive, which a count of memory is to meet.</summary>
    internal LuaValue[] Held { get; init; } = [];
}
