using System.Threading.Tasks.Sources;

namespace Galley.Resp.Transport;

internal enum TurnStep : byte
{
    Open,
    Run,

    /// <summary>No more will be written: when the queue is empty all is sent.</summary>
    End,
    Close,
}

/// <summary>
/// One step of a connection under the gate, to be awaited. Used again and again, by one waiter at a time, so that
/// a turn allocates nothing; the waiter goes on in the pool and never on the thread that holds the gate.
/// </summary>
internal sealed class SocketTurn(IConnectionHandler handler) : ITurnWork, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private SocketConnection? _connection;
    private TurnStep _step;

    public ValueTask<bool> PostAsync(SocketConnection connection, TurnStep step)
    {
        _core.Reset();
        _connection = connection;
        _step = step;
        var turn = new ValueTask<bool>(this, _core.Version);
        handler.Post(this);
        return turn;
    }

    void ITurnWork.RunInTurn()
    {
        bool result = _connection!.RunStep(_step);
        _core.SetResult(result);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
}
