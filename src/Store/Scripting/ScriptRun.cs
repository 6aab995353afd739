using System.Diagnostics;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Configuration;

namespace Galley.Store.Scripting;

/// <summary>The script that runs: for whom, under what rules, and what has come of it so far. There is one at a time.</summary>
internal sealed class ScriptRun(ServerContext server) : IScriptedWrites
{
    private readonly ServerContext _server = server;
    private readonly ScriptUndo _undo = new(server);
    private long _startedTicks;
    private bool _keepsUndo;

    /// <summary>The client that called.</summary>
    public Session Caller { get; private set; } = null!;

    /// <summary>The command that called, for FUNCTION STATS.</summary>
    public Arguments Command { get; private set; }

    /// <summary>The digest of a script, or the name of a function, as errors name it.</summary>
    public byte[] Name { get; private set; } = [];

    public LongWork Kind { get; private set; }

    public ScriptFlags Flags { get; private set; }

    /// <summary>It may not write, by its own word or by that of the command that called it.</summary>
    public bool IsReadOnly { get; private set; }

    /// <summary>A command that writes was called: it is too late to stop without a trace.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>It can be stopped without a trace: it has written nothing, or all that it has written can be undone.</summary>
    public bool CanBeStopped => !HasWritten || (_keepsUndo && !_undo.IsImpossible);

    /// <summary>SCRIPT KILL or FUNCTION KILL has been called.</summary>
    public bool IsKilled { get; set; }

    /// <summary>The server waits for its end, and it can be stopped without a trace.</summary>
    public bool IsUnwanted { get; set; }

    /// <summary>One that could not be stopped without a trace was cut off: the keyspace has half of what it was to write.</summary>
    public bool HasLeftHalf { get; private set; }

    /// <summary>It has run for longer than <c>script-timeout</c>.</summary>
    public bool IsOverdue => _server.Settings.ScriptTimeoutMs is > 0 and var limit && Elapsed.TotalMilliseconds >= limit;

    public bool IsUnderWay { get; private set; }

    /// <summary>How long it has been running.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedTicks);

    /// <summary>Begins a run.</summary>
    public void Begin(Execution x, LongWork kind, byte[] name, ScriptFlags flags, bool isReadOnly)
    {
        Caller = x.Session;
        Command = x.Args;
        Kind = kind;
        Name = name;
        Flags = flags;
        IsReadOnly = isReadOnly || (flags & ScriptFlags.NoWrites) != 0;
        HasWritten = false;
        IsKilled = IsUnwanted = false;
        IsUnderWay = true;
        _startedTicks = Stopwatch.GetTimestamp();
        _keepsUndo = _server.Settings.OnTimeout == TimeoutAction.Rollback;
        _undo.Begin();
        _server.PubSub.BeginHolding();
    }

    public void BeforeWrite(int database, CommandInfo command, in Arguments args)
    {
        HasWritten = true;
        if (_keepsUndo) _undo.BeforeWrite(database, command, in args);
    }

    /// <summary>A key, or fields of it, whose time has passed are about to go, though no command deletes them: that can be undone as well.</summary>
    public void BeforeExpiry(int database, ReadOnlySpan<byte> name)
    {
        if (_keepsUndo) _undo.Keep(database, name);
    }

    /// <summary>
    /// It was stopped: what it has written is undone. Where that cannot be, it was cut off because the server ends: the log has
    /// nothing of it, and the keyspace, which has half of it, is not to be saved any more.
    /// </summary>
    public void Undo()
    {
        if (!CanBeStopped) HasLeftHalf = true;
        if (HasWritten) _undo.RollBack(keysToo: CanBeStopped);
        _server.PubSub.EndHolding(delivers: false);
    }

    /// <summary>Ends it, and lets what it has published go.</summary>
    public void End()
    {
        _server.PubSub.EndHolding(delivers: true);
        _undo.Forget();
        IsUnderWay = false;
        Command = Arguments.Empty;
        Caller = null!;
    }
}
