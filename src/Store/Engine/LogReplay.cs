using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>Runs what the append-only file holds, while the doors tell their clients to wait.</summary>
public sealed class LogReplay : IEffectTarget, IDisposable
{
    private readonly GalleyEngine _engine;
    private readonly Session _session;
    private readonly ReplayTurns? _turns;

    /// <param name="isInTurn">A command of a client loads what was stored, in its own turn.</param>
    public LogReplay(GalleyEngine engine, bool isInTurn = false)
    {
        _engine = engine;
        if (!isInTurn) _turns = new ReplayTurns(engine);
        _session = new Session(0, SessionKind.Internal, new OutputBuffer()) { IsAuthenticated = true, DeniesBlocking = true, UsesOwnNames = true };
        engine.BeginReplay(isInTurn);
    }

    /// <summary>The log holds only what has succeeded once, so a command that fails now is not passed over.</summary>
    /// <exception cref="InvalidDataException">The command cannot be run.</exception>
    public void Apply(in Arguments command)
    {
        int errors = _session.Reply.ErrorCount;
        _engine.Replay(_session, in command);
        if (_session.Reply.ErrorCount != errors) Fail(in command);
        _session.Reply.Output.Truncate(0);
        _turns?.Next();
    }

    public void Dispose() => _engine.EndReplay(isInTurn: _turns is null);

    private void Fail(in Arguments command)
    {
        string name = Encoding.Latin1.GetString(command[0]);
        string reply = Encoding.Latin1.GetString(_session.Reply.Output.Drain()).Trim();
        throw new InvalidDataException(_engine.Server.Commands.TryFind(in command, out _)
            ? $"The command '{name}' of the append only file failed: {reply}"
            : $"Unknown command '{name}' reading the append only file");
    }
}
