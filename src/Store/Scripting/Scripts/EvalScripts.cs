using System.Diagnostics.CodeAnalysis;
using System.Text;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>The scripts of EVAL: one state for them all, and what is compiled already.</summary>
internal sealed class EvalScripts
{
    public EvalScripts(LuaState state)
        : this(state, new ScriptCache())
    {
    }

    public EvalScripts(LuaState state, ScriptCache cache)
    {
        State = state;
        Cache = cache;
        state.KeptFunctions = () => cache.Functions;
    }

    private static ReadOnlySpan<byte> ChunkName => "@user_script"u8;

    public LuaState State { get; }

    public ScriptCache Cache { get; }

    /// <summary>Bytes of the texts and of the state.</summary>
    public long HeldBytes => Cache.Bytes + State.Budget.Bytes;

    /// <summary>Finds a script by its text, or compiles it; false, with redis-server's words, where it does not compile.</summary>
    public bool TryGet(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Script? script, out byte[] error)
    {
        error = [];
        return Cache.TryFindBody(body, out script) || TryCompile(body, out script, out error);
    }

    private bool TryCompile(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Script? script, out byte[] error)
    {
        script = null;
        State.Tidy();
        if (!Shebang.TryReadFlags(body, out ScriptFlags flags, out ReadOnlySpan<byte> code, out string refusal))
        {
            error = Encoding.Latin1.GetBytes(refusal);
            return false;
        }
        try
        {
            LuaFunction function = State.Load(code, ChunkName);
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
