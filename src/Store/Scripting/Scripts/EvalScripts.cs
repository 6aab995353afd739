using System.Diagnostics.CodeAnalysis;
using System.Text;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>The scripts of EVAL: one state for them all, and what is compiled already.</summary>
internal sealed class EvalScripts(LuaState state, ScriptCache cache)
{
    public EvalScripts(LuaState state)
        : this(state, new ScriptCache())
    {
    }

    private static ReadOnlySpan<byte> ChunkName => "@user_script"u8;

    public LuaState State { get; } = state;

    public ScriptCache Cache { get; } = cache;

    /// <summary>Finds a script by its text, or compiles it; false, with redis-server's words, where it does not compile.</summary>
    public bool TryGet(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Script? script, out byte[] error)
    {
        error = [];
        return Cache.TryFindBody(body, out script) || TryCompile(body, out script, out error);
    }

    private bool TryCompile(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Script? script, out byte[] error)
    {
        script = null;
        if (!Shebang.TryReadFlags(body, out ScriptFlags flags, out ReadOnlySpan<byte> code, out string refusal))
        {
            error = Encoding.Latin1.GetBytes(refusal);
            return false;
        }
        try
        {
            LuaFunction function = State.NewFunction(LuaPrototype.Compile(code, ChunkName));
            error = [];
            script = new Script(body.ToArray(), ScriptCache.Digest(body), flags, function);
            Cache.Add(script);
            return true;
        }
        catch (LuaException failure)
        {
            error = [.. "ERR Error compiling script (new function): "u8, .. Encoding.Latin1.GetBytes(failure.Message)];
            return false;
        }
    }
}
