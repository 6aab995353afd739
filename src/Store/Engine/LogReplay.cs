using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>Runs what the append-only file holds, before any door is open.</summary>
public sealed class LogReplay : IEffectTarget, IDisposable
{
    /// <summary>Commands between two ends of a turn, so that freed blocks are used again.</summary>
    private const int CommandsPerTurn = 64;

    private readonly GalleyEngine _engine;
    private readonly Session _session;
    private int _commands;

    public LogReplay(GalleyEngine engine)
    {
        _engine = engine;
        _session = new Session(0, SessionKind.Internal, new OutputBuffer()) { IsAuthenticated = true, UsesOwnNames = true };
        engine.BeginReplay();
    }

    /// <summary>The log holds only what has succeeded once, so a command that fails now is not passed over.</summary>
    /// <exception cref="InvalidDataException">The command cannot be run.</exception>
    public void Apply(in Arguments command)
    {
        int errors = _session.Reply.ErrorCount;
        _engine.Replay(_session, in command, endsTurn: ++_commands % CommandsPerTurn == 0);
        if (_session.Reply.ErrorCount != errors) Fail(in command);
        _session.Reply.Output.Truncate(0);
    }

    public void Dispose() => _engine.EndReplay();

    private void Fail(in Arguments command)
    {
        string name = Encoding.Latin1.GetString(command[0]);
        string reply = Encoding.Latin1.GetString(_session.Reply.Output.Drain()).Trim();
        throw new InvalidDataException(_engine.Server.Commands.TryFind(in command, out _)
            ? $"The command '{name}' of the append only file failed: {reply}"
            : $"Unknown command '{name}' reading the append only file");
    }
}
