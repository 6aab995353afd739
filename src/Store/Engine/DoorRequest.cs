using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Galley.Resp.Protocol;
using Galley.Resp.Transport;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>
/// Commands of a door that lives on pool threads, run in one turn: a unit of work that can be used again. The replies
/// are in the session's output, one after another, when the task completes, which is when they may leave: what they
/// reflect is stored as <c>appendfsync</c> asks. A command that blocks keeps the request, and those that its session has
/// posted after it, until it was served: then they go on in later turns, in their order.
/// </summary>
public sealed class DoorRequest : ITurnWork, IValueTaskSource
{
    /// <summary>Room for commands that a request keeps for its next ones.</summary>
    private const int KeptCommandsMax = 1024;

    private readonly List<Arguments> _commands = [];
    private ManualResetValueTaskSourceCore<bool> _completion = new() { RunContinuationsAsynchronously = true };
    private GalleyEngine? _engine;

    public Session Session { get; set; } = null!;

    /// <summary>The commands run as MULTI and EXEC would run them; the one reply is that of EXEC.</summary>
    public bool IsAtomic { get; set; }

    public ReadOnlySpan<Arguments> Commands => CollectionsMarshal.AsSpan(_commands);

    /// <summary>How many of the commands have run; the last of them may wait still.</summary>
    internal int DoneCount { get; set; }

    /// <summary>One of the commands is such that the thread of a door is not to run it.</summary>
    public bool MayTakeLong { get; set; }

    /// <summary>Where the log ended when the commands had run; 0 where what they reply tells nothing of the data.</summary>
    public long LogOffset { get; internal set; }

    /// <summary>Tells one state of the data from the next: where the log ended, or without a log how many commands had run.</summary>
    public long StateNumber { get; internal set; }

    /// <summary>Adds a command; its buffers must stay untouched until the task completes.</summary>
    public void Add(in Arguments command) => _commands.Add(command);

    /// <summary>Makes the request ready for other commands.</summary>
    public void Clear()
    {
        _commands.Clear();
        if (_commands.Capacity > KeptCommandsMax) _commands.Capacity = 0;
        IsAtomic = MayTakeLong = false;
        DoneCount = 0;
        _completion.Reset();
    }

    internal ValueTask Begin(GalleyEngine engine)
    {
        _engine = engine;
        return new ValueTask(this, _completion.Version);
    }

    internal void Complete() => _completion.SetResult(true);

    void ITurnWork.RunInTurn() => _engine!.RunInTurn(this);

    void IValueTaskSource.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);
}
