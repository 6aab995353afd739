using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>
/// Runs scripts and functions: their states of Lua, what is cached of them, and the one that runs now.
/// <code>
///   EVAL -> ScriptHost.Run -> LuaState.Call -> redis.call -> Dispatcher.RunScripted -> handler
///                 |                               |  words ->         <- reply, read as a value
///                 |  result, written as a reply   v
///               caller                     a session of the script's own
/// </code>
/// Scripts and functions have a state each, made when the first of them comes: who uses none pays nothing.
/// </summary>
internal sealed class ScriptHost : IScripting
{
    private readonly ServerContext _server;
    private readonly ScriptWatch _watch;
    private EvalScripts? _scripts;
    private FunctionLibraries? _functions;

    public ScriptHost(ServerContext server)
    {
        _server = server;
        Run = new ScriptRun(server);
        Commands = new ScriptSession(server);
        _watch = new ScriptWatch(server, Run);
    }

    /// <summary>The script that runs, or that ran last.</summary>
    public ScriptRun Run { get; }

    /// <summary>What the commands of scripts run in.</summary>
    public ScriptSession Commands { get; }

    /// <summary>The scripts of EVAL.</summary>
    public EvalScripts Scripts => _scripts ??= new EvalScripts(NewState(isForFunctions: false));

    /// <summary>The libraries of FUNCTION LOAD.</summary>
    public FunctionLibraries Functions => _functions ??= new FunctionLibraries(NewState(isForFunctions: true), _server, _watch);

    public ScriptingFigures Figures => new(
        _scripts?.Cache.Count ?? 0,
        _scripts?.Cache.Bytes ?? 0,
        _scripts?.Cache.Evicted ?? 0,
        _scripts?.State.Budget.Bytes ?? 0,
        _functions?.FunctionCount ?? 0,
        _functions?.All.Count ?? 0,
        _functions?.TextBytes ?? 0,
        _functions?.State.Budget.Bytes ?? 0);

    public long HeldBytes => (_scripts?.HeldBytes ?? 0) + (_functions?.HeldBytes ?? 0);

    public IEnumerable<byte[]> Libraries => _functions?.All.Select(library => library.Code) ?? [];

    /// <summary>The host of a server, which is made with the first command that asks.</summary>
    public static ScriptHost Of(ServerContext server)
    {
        if (server.Scripting is ScriptHost host) return host;
        host = new ScriptHost(server);
        server.Scripting = host;
        return host;
    }

    public bool TryLoadLibrary(byte[] code, out string error) => Functions.TryLoad(code, replaces: false, out _, out error);

    public void ClearLibraries() => _functions?.Clear();

    public bool HasLeftHalf => Run.HasLeftHalf;

    public void BeforeExpiry(in Key key)
    {
        if (Run.IsUnderWay) Run.BeforeExpiry(key.DatabaseId, key.Name);
    }

    public bool TryStop()
    {
        if (Run.IsUnderWay && Run.CanBeStopped) Run.IsUnwanted = true;
        return !Run.IsUnderWay || Run.IsUnwanted;
    }

    /// <summary>SCRIPT FLUSH: no script is left, nor the state that they have used.</summary>
    public void FlushScripts()
    {
        if (_scripts is null) return;
        ScriptCache cache = _scripts.Cache;
        cache.Clear();
        _scripts = new EvalScripts(NewState(isForFunctions: false), cache);
    }

    /// <summary>Runs a script or a function for a client, and replies with what it returns, or with its error.</summary>
    public void Execute(Execution x, LuaState state, in ScriptCall call)
    {
        RespWriter reply = x.Reply;
        bool mayNotWrite = call.IsReadOnly || (call.Flags & ScriptFlags.NoWrites) != 0;
        if ((call.Flags & ScriptFlags.Undeclared) == 0 && !TryAdmit(x, in call)) return;
        Run.Begin(x, call.Kind, call.Name, call.Flags, mayNotWrite);
        Commands.Begin(x.Session);
        int errors = reply.ErrorCount;
        try
        {
            _watch.Begin(state);
            ReadOnlySpan<LuaValue> results = Call(state, x.Args, in call);
            new ResultWriter(reply) { HasResp3Booleans = Commands.Version != RespVersion.Resp2 }.Write(results.IsEmpty ? LuaValue.Nil : results[0]);
        }
        catch (LuaStopException stop)
        {
            Run.Undo();
            reply.Error(ErrorText(state, [.. "ERR "u8, .. Encoding.ASCII.GetBytes(stop.Message)]));
        }
        catch (LuaException failure)
        {
            reply.Error(ErrorText(state, Message(state, failure)));
        }
        finally
        {
            Run.End();
            Commands.End();
            _watch.End(state);
            state.Tidy();
        }
        // Where the error was a command's it has been counted then.
        if (reply.ErrorCount != errors && Commands.HasFailed) x.Session.HasCountedError = true;
    }

    /// <summary>A function takes its keys and arguments, a script finds them among its globals: new tables each time.</summary>
    private static ReadOnlySpan<LuaValue> Call(LuaState state, in Arguments args, in ScriptCall call)
    {
        int firstArgument = call.FirstKey + call.KeyCount;
        LuaTable keys = Words(state, in args, call.FirstKey, call.KeyCount);
        LuaTable arguments = Words(state, in args, firstArgument, args.Count - firstArgument);
        if (call.TakesTables) return state.Call(call.Function, [keys, arguments]);
        state.Globals.Set(Names.Keys, keys);
        state.Globals.Set(Names.Args, arguments);
        return state.Call(call.Function, []);
    }

    /// <summary>Arguments of a call as a table of strings.</summary>
    private static LuaTable Words(LuaState state, in Arguments args, int first, int count)
    {
        LuaTable table = state.NewTable(arrayCapacity: count);
        for (int i = 0; i < count; i++) table.Set(i + 1, state.NewString(args[first + i]));
        return table;
    }

    /// <summary>What a script that has declared itself promises is judged before it begins.</summary>
    private bool TryAdmit(Execution x, in ScriptCall call)
    {
        bool mayWrite = (call.Flags & ScriptFlags.NoWrites) == 0;
        ScriptRules rules = (mayWrite ? 0 : ScriptRules.ReadOnly) | ((call.Flags & ScriptFlags.AllowOom) != 0 ? ScriptRules.AllowOom : 0);
        string? refusal = _server.Control.ScriptRefusal(rules)
            ?? (mayWrite && call.IsReadOnly ? "ERR Can not execute a script with write flag using *_ro command." : null);
        if (refusal is null) return true;
        x.Reply.Error(refusal);
        return false;
    }

    /// <summary>An error that nobody has caught, with the script and the line where it arose.</summary>
    private byte[] ErrorText(LuaState state, ReadOnlySpan<byte> message)
    {
        string place = state.FailedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $", on {at.Source}:{at.Line}.") : "";
        return [.. message, .. " script: "u8, .. Run.Name, .. Encoding.Latin1.GetBytes(place)];
    }

    /// <summary>A table with an error is what a command, or the script, made of it; anything else is an error of the script's.</summary>
    internal static byte[] Message(LuaState state, LuaException failure)
    {
        if (failure.Value.AsTable is not { } table) return [.. "ERR "u8, .. state.ToText(failure.Value).Span];
        LuaValue error = table.Get(Names.Err);
        return error.IsNil ? "ERR unknown error"u8.ToArray() : state.ToText(error).Span.ToArray();
    }

    private LuaState NewState(bool isForFunctions)
    {
        LuaState state = Sandbox.NewState();
        RedisLibrary.Open(state, this, _server, isForFunctions);
        Sandbox.Seal(state);
        return state;
    }
}
