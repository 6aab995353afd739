using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>Names that scripts and replies share, made once.</summary>
internal static class Names
{
    /// <summary>What scripts call the server by: Redis's name, and the one that Valkey has beside it.</summary>
    public static readonly LuaString[] Library = [LuaString.From("redis"), LuaString.From("server")];

    public static readonly LuaString Ok = LuaString.From("ok");
    public static readonly LuaString Err = LuaString.From("err");
    public static readonly LuaString Source = LuaString.From("source");
    public static readonly LuaString Line = LuaString.From("line");
    public static readonly LuaString Double = LuaString.From("double");
    public static readonly LuaString Map = LuaString.From("map");
    public static readonly LuaString Set = LuaString.From("set");
    public static readonly LuaString BigNumber = LuaString.From("big_number");
    public static readonly LuaString VerbatimString = LuaString.From("verbatim_string");
    public static readonly LuaString Format = LuaString.From("format");
    public static readonly LuaString String = LuaString.From("string");
    public static readonly LuaString Keys = LuaString.From("KEYS");
    public static readonly LuaString Args = LuaString.From("ARGV");
}
