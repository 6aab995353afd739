namespace Galley.Store.Scripting.Lua;

/// <summary>An address of the host's, which a script can only pass on and compare: <c>cjson.null</c> is the null pointer.</summary>
public sealed class LuaUserdata : LuaObject
{
    /// <summary>The null pointer, which tostring writes as <c>userdata: (nil)</c>.</summary>
    public static readonly LuaUserdata Null = new();

    private LuaUserdata()
        : base(LuaType.Userdata)
    {
    }
}
