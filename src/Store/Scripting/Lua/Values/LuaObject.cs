namespace Galley.Store.Scripting.Lua;

/// <summary>What a value points to: a heap object, or one of the marks that stand for numbers and booleans.</summary>
public abstract class LuaObject
{
    internal static readonly LuaObject NumberMark = new Mark(LuaType.Number);
    internal static readonly LuaObject TrueMark = new Mark(LuaType.Boolean);
    internal static readonly LuaObject FalseMark = new Mark(LuaType.Boolean);

    /// <summary>The type, a field: the interpreter asks it at every step, and a virtual call would show.</summary>
    public readonly LuaType Type;

    // The count of memory that has met this object last: a walk meets each object once.
    internal int SeenBy;

    private protected LuaObject(LuaType type) => Type = type;

    private sealed class Mark(LuaType type) : LuaObject(type);
}
