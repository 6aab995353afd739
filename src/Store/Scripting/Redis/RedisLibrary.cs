using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Scripting.Lua;
using Galley.Store.Scripting.Lua.Libraries;

namespace Galley.Store.Scripting;

/// <summary>
/// The table <c>redis</c>: commands, replies made by hand, the log. What goes wrong in it is a table with a field
/// <c>err</c>, thrown without a position, as redis-server's is.
/// </summary>
internal sealed class RedisLibrary
{
    private static readonly (string Name, double Value)[] Constants =
    [
        ("LOG_DEBUG", 0), ("LOG_VERBOSE", 1), ("LOG_NOTICE", 2), ("LOG_WARNING", 3),
        ("REDIS_VERSION_NUM", ServerVersion.RedisNumber),
    ];

    private static readonly (string Name, double Value)[] Targets =
        [("REPL_NONE", 0), ("REPL_AOF", AofTarget), ("REPL_SLAVE", ReplicaTarget), ("REPL_REPLICA", ReplicaTarget), ("REPL_ALL", AllTargets)];

    private const int AofTarget = 1;
    private const int ReplicaTarget = 2;
    private const int AllTargets = AofTarget | ReplicaTarget;

    private readonly ScriptHost _host;
    private readonly ServerContext _server;
    private readonly CommandWords _words = new();

    private RedisLibrary(ScriptHost host, ServerContext server)
    {
        _host = host;
        _server = server;
    }

    private static ReadOnlySpan<byte> ArgumentError => "ERR Lua redis lib command arguments must be strings or integers"u8;

    private static ReadOnlySpan<byte> NoArgumentError => "ERR Please specify at least one argument for this redis lib call"u8;

    /// <summary>Puts <c>redis</c> among the globals, and a <c>pcall</c> that knows its errors.</summary>
    /// <param name="isForFunctions">Functions do without what only old scripts call.</param>
    public static void Open(LuaState state, ScriptHost host, ServerContext server, bool isForFunctions)
    {
        var library = new RedisLibrary(host, server);
        LuaTable redis = state.NewTable(hashCapacity: 32);
        Add(redis, "call", library.Call);
        Add(redis, "pcall", library.PCall);
        Add(redis, "setresp", library.SetResp);
        Add(redis, "error_reply", ErrorReply);
        Add(redis, "status_reply", StatusReply);
        Add(redis, "sha1hex", Sha1Hex);
        Add(redis, "set_repl", SetReplication);
        Add(redis, "acl_check_cmd", library.AclCheckCommand);
        foreach ((string name, double value) in Targets) redis.Set(LuaString.From(name), value);
        library.AddLog(redis);
        if (!isForFunctions) AddForScripts(redis);
        foreach (LuaString name in Names.Library) state.Globals.Set(name, redis);
        state.Globals.Set(LuaString.From("pcall"), new NativeFunction("pcall", ProtectedCall));
    }

    /// <summary>What the main chunk of a library finds in <c>redis</c> beside <c>register_function</c>.</summary>
    public static LuaTable NewForLoading(LuaState state, ServerContext server)
    {
        LuaTable redis = state.NewTable(hashCapacity: 16);
        new RedisLibrary(ScriptHost.Of(server), server).AddLog(redis);
        return redis;
    }

    /// <summary>Adds a function to a table of functions.</summary>
    public static void Add(LuaTable table, string name, NativeBody body) => table.Set(LuaString.From(name), new NativeFunction(name, body));

    /// <summary>An error as <c>redis.*</c> throws it.</summary>
    public static LuaException Failure(LuaState state, ReadOnlySpan<byte> error) => new(Table(state, Names.Err, error));

    private void AddLog(LuaTable redis)
    {
        Add(redis, "log", Log);
        foreach ((string name, double value) in Constants) redis.Set(LuaString.From(name), value);
        redis.Set(LuaString.From("REDIS_VERSION"), LuaString.From(ServerVersion.Redis));
    }

    private static void AddForScripts(LuaTable redis)
    {
        Add(redis, "replicate_commands", static (ref call) => call.Return(LuaValue.True));
        Add(redis, "breakpoint", static (ref call) => call.Return(LuaValue.False));
        Add(redis, "debug", static (ref _) => { });
    }

    private void Call(ref NativeCall call)
    {
        LuaValue value = RunCommand(ref call, out bool isError);
        if (isError) throw new LuaException(value);
        call.Return(value);
    }

    private void PCall(ref NativeCall call) => call.Return(RunCommand(ref call, out _));

    private LuaValue RunCommand(ref NativeCall call, out bool isError)
    {
        isError = true;
        if (call.Count == 0) return Table(call.State, Names.Err, NoArgumentError);
        if (!_words.TryPut(in call, out Arguments command))
            return Table(call.State, Names.Err, ArgumentError);
        return _host.Commands.Call(call.State, _host.Run, in command, out isError);
    }

    private void SetResp(ref NativeCall call)
    {
        if (call.Count != 1) throw Failure(call.State, "ERR redis.setresp() requires one argument."u8);
        _host.Commands.Version = TryNumber(call[0], out double version) switch
        {
            true when (int)version == 2 => RespVersion.Resp2,
            true when (int)version == 3 => RespVersion.Resp3,
            _ => throw Failure(call.State, "ERR RESP version must be 2 or 3."u8),
        };
    }

    private void Log(ref NativeCall call)
    {
        if (call.Count < 2) throw Failure(call.State, "ERR redis.log() requires two arguments or more."u8);
        if (!TryNumber(call[0], out double level)) throw Failure(call.State, "ERR First argument must be a number (log level)."u8);
        if (level is not (> -1 and < 4)) throw Failure(call.State, "ERR Invalid debug level."u8);
        var words = new List<string>();
        for (int i = 1; i < call.Count; i++)
        {
            if (call[i].AsString is not null || call[i].IsNumber) words.Add(call.State.ToText(call[i]).ToString());
        }
        _server.Log((LogLevel)(int)level, string.Join(' ', words));
    }

    private static void ErrorReply(ref NativeCall call)
    {
        if (!TakesOneString(ref call)) return;
        ReadOnlySpan<byte> text = call[0].AsString!.Span;
        if (text.StartsWith("-"u8)) text = text[1..];
        // An error without a code of its own has the general one.
        bool hasCode = text.IndexOf((byte)' ') >= 0;
        call.Return(hasCode ? Table(call.State, Names.Err, text) : Table(call.State, Names.Err, [.. "ERR "u8, .. text]));
    }

    private static void StatusReply(ref NativeCall call)
    {
        if (TakesOneString(ref call)) call.Return(Table(call.State, Names.Ok, call[0].AsString!.Span));
    }

    private static bool TakesOneString(ref NativeCall call)
    {
        if (call.Count == 1 && call[0].AsString is not null) return true;
        call.Return(Table(call.State, Names.Err, "ERR wrong number or type of arguments"u8));
        return false;
    }

    private static void Sha1Hex(ref NativeCall call)
    {
        if (call.Count != 1) throw Failure(call.State, "ERR wrong number of arguments"u8);
        LuaValue value = call[0];
        bool isText = value.AsString is not null || value.IsNumber;
        call.Return(call.State.NewString(ScriptCache.Digest(isText ? call.State.ToText(value).Span : default)));
    }

    /// <summary>Every effect goes to the log, which has one history; the flags are checked as redis-server checks them.</summary>
    private static void SetReplication(ref NativeCall call)
    {
        if (call.Count != 1) throw Failure(call.State, "ERR redis.set_repl() requires two arguments."u8);
        _ = TryNumber(call[0], out double flags);
        if (((long)flags & ~AllTargets) != 0)
            throw Failure(call.State, "ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE."u8);
    }

    private void AclCheckCommand(ref NativeCall call)
    {
        if (call.Count == 0) throw Failure(call.State, NoArgumentError);
        if (!_words.TryPut(in call, out Arguments command))
            throw Failure(call.State, ArgumentError);
        if (!_server.Commands.TryFind(in command, out _))
            throw Failure(call.State, "ERR Invalid command passed to redis.acl_check_cmd()"u8);
        call.Return(LuaValue.True);
    }

    /// <summary>pcall, but of an error that is a table with a text in <c>err</c> scripts get the text.</summary>
    private static void ProtectedCall(ref NativeCall call)
    {
        if (call.Count == 0)
        {
            // redis-server's own calls the mark of its success.
            call.Return(LuaValue.False);
            call.Return(call.State.NewString("attempt to call a boolean value"u8));
            return;
        }
        BaseLibrary.ProtectedCall(ref call);
        if (call.Result(0).IsTrue) return;
        ref LuaValue error = ref call.Result(1);
        if (error.AsTable is { } table && table.Get(Names.Err) is var text && (text.AsString is not null || text.IsNumber)) error = text;
    }

    /// <summary>A number, or a text that reads as one.</summary>
    private static bool TryNumber(LuaValue value, out double number)
    {
        number = value.IsNumber ? value.AsNumber : 0;
        return value.IsNumber || (value.AsString is { } text && LuaState.TryToNumber(text.Span, out number));
    }

    private static LuaTable Table(LuaState state, LuaString name, ReadOnlySpan<byte> text)
    {
        LuaTable table = state.NewTable(hashCapacity: 1);
        table.Set(name, state.NewString(text));
        return table;
    }
}
