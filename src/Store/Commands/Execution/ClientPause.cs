namespace Galley.Store.Commands;

/// <summary>Whose commands a pause holds back; the later one is the stricter.</summary>
public enum PauseMode : byte
{
    None,

    /// <summary>Commands that write, or whose effects replicas see (PUBLISH, scripts, an EXEC with one of these).</summary>
    Write,
    All,
}

/// <summary>
/// CLIENT PAUSE: commands wait, in the order in which they came, and no key expires meanwhile; who reads sees an expired
/// one as absent. Under the gate.
/// </summary>
public sealed class ClientPause
{
    private const Flags SeenByReplicas = Flags.Write | Flags.MayReplicate;

    public PauseMode Mode { get; private set; }

    /// <summary>When it ends, in milliseconds since 1970.</summary>
    public long UntilMs { get; private set; }

    public bool IsActive => Mode != PauseMode.None;

    /// <summary>The commands that wait.</summary>
    internal LinkedList<BlockedCommand> Waiting { get; } = [];

    /// <summary>Begins a pause. One that lasts already is made no shorter by it, and no milder.</summary>
    public void Begin(PauseMode mode, long untilMs)
    {
        if (mode > Mode) Mode = mode;
        UntilMs = Math.Max(UntilMs, untilMs);
    }

    public void End()
    {
        Mode = PauseMode.None;
        UntilMs = 0;
    }

    /// <summary>The command has to wait; only while there is a pause.</summary>
    public bool Holds(Session session, CommandInfo command)
    {
        if (session.Kind == SessionKind.Internal) return false;
        if (Mode == PauseMode.All || command.Has(SeenByReplicas)) return true;
        return command.Name == "EXEC" && (session.Transaction.QueuedFlags & SeenByReplicas) != 0;
    }
}
