using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>What a command asks of the engine, which stands above it.</summary>
public interface IServerControl
{
    /// <summary>Runs one queued command of a transaction in the present turn.</summary>
    void RunQueued(Execution x, in QueuedCommand command);

    /// <summary>
    /// Runs a command that a script calls, in the present turn and unit; its reply, or why it was refused, is in the
    /// session's output.
    /// </summary>
    void RunScripted(Session script, in Arguments command, ScriptRules rules, IScriptedWrites writes);

    /// <summary>Why a script that may write cannot run now, or null.</summary>
    string? ScriptRefusal(ScriptRules rules);

    /// <summary>Begins to rewrite the append-only file; false, with the reason, when it cannot.</summary>
    bool TryBeginRewrite(out string error);

    /// <summary>Stores the append-only file and reads it back; false, with the reason, when it cannot.</summary>
    bool TryReloadLog(out string error);

    /// <summary>Ends the process in good order after this turn; false, with the reason, when it must not.</summary>
    bool TryShutdown(ShutdownRequest request, out string error);

    /// <summary>A shutdown that waits is called off; false when none does.</summary>
    bool TryAbortShutdown();

    /// <summary>Ends the wait of a client, as its timeout would or with an error; false when it does not wait.</summary>
    bool TryUnblock(Session session, bool withError);

    /// <summary>A pause has ended: what waited for it runs in turns to come.</summary>
    void ResumePaused();

    /// <summary>Something is due before the engine meant to look again.</summary>
    void LookEarlier();

    /// <summary>
    /// A command that takes long calls it every few milliseconds: beyond <c>busy-reply-threshold</c> others are answered
    /// meanwhile, with BUSY. False: the server is to end, and the command must.
    /// </summary>
    bool Yield(LongWork work);

    /// <summary>The log of effects is durable on this machine up to here; nothing is without a log.</summary>
    long DurableOffset { get; }

    PersistenceFigures Persistence { get; }
}

[Flags]
public enum ShutdownRequest : byte
{
    Default = 0,
    NoSave = 1,
    Save = 2,
    Now = 4,
    Force = 8,
}

/// <summary>What INFO persistence tells of the append-only file.</summary>
public readonly record struct PersistenceFigures(
    bool AofEnabled,
    bool RewriteInProgress,
    bool RewriteScheduled,
    long LastRewriteSeconds,
    long CurrentRewriteSeconds,
    bool LastRewriteOk,
    bool LastWriteOk,
    long CurrentSize,
    long BaseSize,
    long BufferLength,
    bool FsyncPending,
    long FsyncDelayed,
    long Rewrites,
    long RewriteFailuresInARow);
