using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>A script of EVAL, compiled, with the name that its text has given it.</summary>
internal sealed class Script(byte[] body, byte[] sha1, ScriptFlags flags, LuaFunction function)
{
    /// <summary>As the client sent it.</summary>
    public byte[] Body { get; } = body;

    /// <summary>The digest of <see cref="Body"/>: 40 hexadecimal digits in small letters.</summary>
    public byte[] Sha1 { get; } = sha1;

    public ScriptFlags Flags { get; } = flags;

    /// <summary>Runs it.</summary>
    public LuaFunction Function { get; } = function;

    /// <summary>SCRIPT LOAD has put it there, and it stays until SCRIPT FLUSH.</summary>
    public bool IsLoaded { get; set; }

    /// <summary>Where it stands among those that EVAL alone has put there.</summary>
    public LinkedListNode<Script>? Place { get; set; }
}
