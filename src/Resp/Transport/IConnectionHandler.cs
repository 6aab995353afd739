namespace Galley.Resp.Transport;

/// <summary>
/// What a transport needs of the application behind it. The transport owns the loop and knows bytes; the application
/// owns the gate and knows commands. One turn of a transport is:
/// <code>
///   receive from every ready connection          (outside the gate)
///   EnterTurn
///     Opened / Closed / Run for each connection, then detach what it wrote
///   LeaveTurn                                      (hands the log its bytes)
///   send whatever <see cref="ReleasedTicket"/> lets go
/// </code>
/// </summary>
public interface IConnectionHandler
{
    /// <summary>Takes the gate for the calling thread, which must be a transport's own and never a pool thread.</summary>
    /// <param name="loop">What stands still until <see cref="LeaveTurn"/>; a command that takes very long lets it run meanwhile.</param>
    void EnterTurn(ITransportLoop? loop = null);

    /// <summary>Gives the gate back, after the mailbox was served, and hands the effect log to its writers.</summary>
    void LeaveTurn();

    /// <summary>
    /// Runs work under the gate: at once if the gate is free, otherwise on whichever thread holds it. For transports
    /// that live on pool threads, which never wait for the gate.
    /// </summary>
    void Post(ITurnWork work);

    /// <summary>A client has come. False refuses it: what was written to its output is sent and it is closed. Inside a turn.</summary>
    bool Opened(Connection connection);

    /// <summary>Pipelined commands of one connection in one turn.</summary>
    const int BatchCommandsMax = 64;

    /// <summary>
    /// Runs what the connection's reader holds, up to a number of commands and to a time of the application's own. True when whole
    /// commands may remain. Inside a turn.
    /// </summary>
    bool Run(Connection connection, int commandsMax);

    /// <summary>The client is gone. Called once for every connection for which Opened was called. Inside a turn.</summary>
    void Closed(Connection connection);

    /// <summary>Where the transports count what they carry.</summary>
    Traffic Traffic { get; }

    /// <summary>Output held for a ticket up to this one may be sent.</summary>
    long ReleasedTicket { get; }

    /// <summary>Raised, on any thread, when <see cref="ReleasedTicket"/> has risen while output may be waiting for it.</summary>
    event Action? TicketReleased;
}

/// <summary>A transport's loop, whose thread is inside a turn.</summary>
public interface ITransportLoop
{
    /// <summary>
    /// Goes once round the loop on the calling thread, which holds the gate for it: receives, runs and sends for every
    /// connection but the one whose command is calling. False when the loop is to end.
    /// </summary>
    bool RunOnce();
}

/// <summary>Work for the gate.</summary>
public interface ITurnWork
{
    /// <summary>Runs under the gate; must not block and must not throw.</summary>
    void RunInTurn();

    /// <summary>It may take long: threads that serve connections leave it to one of the pool.</summary>
    bool MayTakeLong => false;
}
