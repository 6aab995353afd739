using System.Runtime.CompilerServices;

namespace Galley.Store.Scripting.Lua;

/// <summary>Texts that do not change.</summary>
internal static class LuaTexts
{
    private static readonly string[] TypeNames = ["nil", "boolean", "number", "string", "table", "function", "thread", "userdata"];

    public static LuaString Nil { get; } = LuaString.From("nil"u8);

    public static LuaString True { get; } = LuaString.From("true"u8);

    public static LuaString False { get; } = LuaString.From("false"u8);

    public static LuaString NullPointer { get; } = LuaString.From("userdata: (nil)"u8);

    public static string NameOf(LuaType type) => TypeNames[(int)type];

    /// <summary>A number that stands for an object as its address does in C; it says nothing of where anything is.</summary>
    public static long IdentityOf(LuaObject it) => 0x5500_0000_0000 | ((long)RuntimeHelpers.GetHashCode(it) << 4);
}
