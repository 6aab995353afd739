namespace Galley.Store.Commands;

/// <summary>What commands ask of whoever makes backups beside the running server. Under the gate.</summary>
public interface IBackups
{
    BackupFigures Figures { get; }

    /// <summary>Begins a backup; false, with the reply, when it cannot.</summary>
    bool TryStart(out string error);

    /// <summary>Ends the backup with the data of this moment; false, with the reply, when it cannot.</summary>
    bool TrySeal(out string error);

    /// <summary>Gives up the backup that is not sealed yet; false, with the reply, when there is none.</summary>
    bool TryAbort(out string error);

    /// <summary>Takes the files of a backup that is sealed, or has failed, away; false, with the reply, when there is none.</summary>
    bool TryCleanUp(out string error);

    /// <summary>A moment in every turn of the cron.</summary>
    void Tick(long nowMs);
}

/// <summary>How far a backup is; BACKUP STATUS has the names in small letters.</summary>
public enum BackupState : byte
{
    Idle,

    /// <summary>Another snapshot is under way, and it waits.</summary>
    Pending,

    /// <summary>Its base is being written.</summary>
    Snapshotting,

    /// <summary>Its base is there, and what changes is written behind it.</summary>
    Incrementing,

    /// <summary>It is whole, and changes no more.</summary>
    Sealed,

    Failed,
}

/// <summary>What BACKUP STATUS and LIST tell.</summary>
/// <param name="Error">Why it has failed; empty where it has not.</param>
/// <param name="StartedMs">When it began, in milliseconds since 1970; 0 where none has.</param>
/// <param name="SealedMs">When it was sealed; 0 where it was not.</param>
/// <param name="Files">The paths of the files that are whole.</param>
public readonly record struct BackupFigures(BackupState State, string Error, long StartedMs, long SealedMs, IReadOnlyList<string> Files);

/// <summary>An engine without a folder.</summary>
internal sealed class NoBackups : IBackups
{
    private const string None = "ERR this server has no folder for backups";

    public BackupFigures Figures => new(BackupState.Idle, "", 0, 0, []);

    public bool TryStart(out string error) => Refuse(out error);

    public bool TrySeal(out string error) => Refuse(out error);

    public bool TryAbort(out string error) => Refuse(out error);

    public bool TryCleanUp(out string error) => Refuse(out error);

    public void Tick(long nowMs) { }

    private static bool Refuse(out string error)
    {
        error = None;
        return false;
    }
}
