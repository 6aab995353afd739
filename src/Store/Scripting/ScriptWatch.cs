using System.Diagnostics;
using System.Globalization;
using System.Text;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>
/// Looks at a script every so many of its steps: whether it was killed, whether others are to hear that the server is busy,
/// whether it has used up its time.
/// </summary>
internal sealed class ScriptWatch(ServerContext server, ScriptRun run)
{
    /// <summary>About a quarter of a millisecond of Lua.</summary>
    private const int StepsBetweenLooks = 20_000;

    private readonly ServerContext _server = server;
    private readonly ScriptRun _run = run;

    /// <summary>How long the main chunk of a library may take; null while none runs.</summary>
    private TimeSpan? _loadLimit;

    private long _loadStartedTicks;
    private bool _isSlow;

    /// <summary>From here on the state is looked at.</summary>
    public void Begin(LuaState state)
    {
        _isSlow = false;
        state.OnCheck = Look;
        state.StepsBeforeCheck = StepsBetweenLooks;
    }

    /// <summary>As <see cref="Begin"/>, while the main chunk of a library runs.</summary>
    public void BeginLoad(LuaState state, TimeSpan limit)
    {
        _loadLimit = limit;
        _loadStartedTicks = Stopwatch.GetTimestamp();
        Begin(state);
    }

    /// <summary>What ran has ended.</summary>
    public void End(LuaState state)
    {
        _loadLimit = null;
        state.OnCheck = null;
    }

    private void Look()
    {
        if (_loadLimit is { } limit)
        {
            if (Stopwatch.GetElapsedTime(_loadStartedTicks) > limit) throw new LuaStopException("FUNCTION LOAD timeout");
            return;
        }
        bool goesOn = _server.Control.Yield(_run.Kind);
        if (_server.Settings.BusyReplyThresholdMs is > 0 and var slowMs && !_isSlow && _run.Elapsed.TotalMilliseconds >= slowMs) TellSlow();
        if (_run.IsKilled) Stop("Script killed by user with SCRIPT KILL...");
        if (_run.CanBeStopped && _run.IsOverdue) Stop(Overdue());
        if (!goesOn || _run.IsUnwanted) Stop("Script killed because the server ends");
    }

    private string Overdue() => string.Create(CultureInfo.InvariantCulture, $"Script ended after {_server.Settings.ScriptTimeoutMs} milliseconds "
        + $"(script-timeout){(_run.HasWritten ? ", and what it had written is undone" : "")}");

    private void Stop(string reason)
    {
        if (_run.IsKilled) _server.Log(LogLevel.Notice, "Lua script killed by user with SCRIPT KILL.");
        throw new LuaStopException(reason);
    }

    private void TellSlow()
    {
        _isSlow = true;
        string command = _run.Kind == LongWork.Script ? "SCRIPT KILL" : "FUNCTION KILL";
        _server.Log(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture,
            $"Slow script detected: still in execution after {(long)_run.Elapsed.TotalMilliseconds} milliseconds. You can try killing the script using"
            + $" the {command} command. Script name is: {Encoding.Latin1.GetString(_run.Name)}."));
    }
}
