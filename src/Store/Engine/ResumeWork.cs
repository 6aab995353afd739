using Galley.Resp.Transport;

namespace Galley.Store.Engine;

/// <summary>After a pause the commands that have waited run, so many in a turn.</summary>
internal sealed class ResumeWork(Gate gate, Dispatcher dispatcher) : ITurnWork
{
    private const int CommandsPerTurn = 64;

    private readonly Gate _gate = gate;
    private readonly Dispatcher _dispatcher = dispatcher;

    public void RunInTurn()
    {
        if (!_dispatcher.ResumePaused(CommandsPerTurn)) _gate.Post(this);
    }
}
