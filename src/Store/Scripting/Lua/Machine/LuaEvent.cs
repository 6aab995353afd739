namespace Galley.Store.Scripting.Lua;

/// <summary>What a metatable can answer to.</summary>
internal enum LuaEvent
{
    Index,
    NewIndex,
    Call,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Negate,
    Concat,
    Length,
    Equal,
    Less,
    LessOrEqual,
    ToString,
    Metatable,
}

/// <summary>The names of events, as keys of metatables.</summary>
internal static class LuaEvents
{
    private static readonly LuaString[] Names =
    [
        LuaString.From("__index"u8), LuaString.From("__newindex"u8), LuaString.From("__call"u8), LuaString.From("__add"u8),
        LuaString.From("__sub"u8), LuaString.From("__mul"u8), LuaString.From("__div"u8), LuaString.From("__mod"u8),
        LuaString.From("__pow"u8), LuaString.From("__unm"u8), LuaString.From("__concat"u8), LuaString.From("__len"u8),
        LuaString.From("__eq"u8), LuaString.From("__lt"u8), LuaString.From("__le"u8), LuaString.From("__tostring"u8),
        LuaString.From("__metatable"u8),
    ];

    /// <summary>The key of an event.</summary>
    public static LuaString NameOf(LuaEvent what) => Names[(int)what];
}
