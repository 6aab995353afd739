using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <content>Commands that a pause holds back: they have been admitted, and are admitted anew when it has ended.</content>
internal sealed partial class Dispatcher
{
    /// <summary>A transaction that a door has sent as one waits as a whole; true when a pause holds any of its commands.</summary>
    public bool PostponesTransaction(Session session, ReadOnlySpan<Arguments> commands)
    {
        ClientPause pause = _server.Pause;
        if (!pause.IsActive) return false;
        bool isHeld = pause.Mode == PauseMode.All;
        foreach (ref readonly Arguments args in commands)
            isHeld |= TryFind(session, in args, out CommandInfo? command) && pause.Holds(session, command!);
        if (!isHeld || !(_server.Commands.Original ?? _server.Commands).TryFind("EXEC"u8, out CommandInfo? exec)) return false;
        Postpone(session, exec, Arguments.Empty);
        return true;
    }

    /// <summary>Runs up to so many of the commands that have waited, in their order; true when none waits, or another pause has begun.</summary>
    public bool ResumePaused(int count)
    {
        ClientPause pause = _server.Pause;
        while (!pause.IsActive && pause.Waiting.First is { Value: var blocked })
        {
            if (count-- <= 0) return false;
            Resume(blocked);
        }
        return true;
    }

    private void Postpone(Session session, CommandInfo command, in Arguments args) =>
        _server.Blocking.Postpone(new BlockedCommand(session, command, in args, default, long.MaxValue), _server.Pause);

    private void Resume(BlockedCommand blocked)
    {
        Session session = blocked.Session;
        Arguments args = blocked.Arguments;
        _server.Blocking.Remove(blocked);
        _watch.Begin();
        if (args.Count > 0 && !IsLeaving(session)) Dispatch(session, in args);
        if (!session.IsBlocked) Unblocked(session);
    }
}
