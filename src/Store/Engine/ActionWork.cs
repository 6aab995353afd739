using Galley.Resp.Transport;

namespace Galley.Store.Engine;

/// <summary>An action for the gate's mailbox.</summary>
internal sealed class ActionWork(Action action) : ITurnWork
{
    private readonly Action _action = action;

    public void RunInTurn() => _action();
}
