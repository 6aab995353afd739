using System.Buffers;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>What commands of scripts run in: a session whose replies are read back as values of Lua.</summary>
internal sealed class ScriptSession
{
    private readonly ServerContext _server;
    private readonly Session _session;
    private readonly OutputBuffer _output = new();

    public ScriptSession(ServerContext server)
    {
        _server = server;
        _session = new Session(id: 0, SessionKind.Resp, _output) { RemoteAddress = "lua", DeniesBlocking = true, IsAuthenticated = true };
    }

    /// <summary>The version in which replies are read: what <c>redis.setresp</c> chose, or 2.</summary>
    public RespVersion Version
    {
        get => _session.Reply.Version;
        set => _session.Reply.Version = value;
    }

    /// <summary>A command of this run has failed, and was counted.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>A script begins: it acts for this client.</summary>
    public void Begin(Session caller)
    {
        _session.Caller = caller;
        _session.DatabaseId = caller.DatabaseId;
        _session.UserName = caller.UserName;
        _session.LeavesKeysUntouched = caller.LeavesKeysUntouched;
        Version = RespVersion.Resp2;
        HasFailed = false;
    }

    /// <summary>It has ended.</summary>
    public void End()
    {
        _session.Caller = null;
        Empty();
    }

    /// <summary>Runs a command and reads its reply.</summary>
    /// <param name="isError">It replied with an error, or was refused.</param>
    public LuaValue Call(LuaState state, ScriptRun run, in Arguments command, out bool isError)
    {
        Empty();
        ScriptRules rules = (run.IsReadOnly ? ScriptRules.ReadOnly : 0)
            | ((run.Flags & ScriptFlags.AllowOom) != 0 || run.HasWritten ? ScriptRules.AllowOom : 0);
        _server.Control.RunScripted(_session, in command, rules, run);
        LuaValue value = Read(state, out isError);
        if (isError) HasFailed = true;
        return value;
    }

    private LuaValue Read(LuaState state, out bool isError)
    {
        if (_output.TryGetRun(out ReadOnlySpan<byte> run)) return ReplyReader.Read(state, run, out isError);
        ReadOnlySequence<byte> whole = _output.Drain();
        return ReplyReader.Read(state, whole.FirstSpan, out isError);
    }

    /// <summary>Of a chain of chunks the first is kept for the next reply.</summary>
    private void Empty()
    {
        if (_output.UndetachedBytes > 0) _output.Truncate(_output.Written - _output.UndetachedBytes);
    }
}
