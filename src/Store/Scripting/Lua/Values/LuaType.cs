namespace Galley.Store.Scripting.Lua;

/// <summary>The types of Lua 5.1 that a sandbox can meet.</summary>
public enum LuaType : byte
{
    /// <summary>No value.</summary>
    Nil,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A double, as every number of Lua 5.1 is.</summary>
    Number,

    /// <summary>Bytes.</summary>
    String,

    /// <summary>An associative array.</summary>
    Table,

    /// <summary>A closure, or a function of the host.</summary>
    Function,

    /// <summary>A coroutine.</summary>
    Thread,

    /// <summary>An address of the host's: cjson.null alone.</summary>
    Userdata,
}
