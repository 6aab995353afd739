namespace Galley.Store.Commands;

/// <summary>What commands ask of whoever saves the keyspace as RDB files. Under the gate.</summary>
public interface ISaves
{
    SaveFigures Figures { get; }

    /// <summary>Why writes are refused: saving has failed, and <c>stop-writes-on-bgsave-error</c> wants that known. Null: they are not.</summary>
    string? WriteRefusal { get; }

    /// <summary>Saves now, and lets everybody wait; false, with the reply, when it cannot.</summary>
    bool TrySave(out string error);

    /// <summary>Saves before the end of the server: a background save that is under way gives way.</summary>
    bool TrySaveAtEnd();

    /// <summary>FLUSHALL has emptied the keyspace: where save points are set, so is the file at once, as in redis-server.</summary>
    void KeyspaceEmptied();

    /// <summary>Begins a save in the background; false, with the reply, when it cannot.</summary>
    bool TryBegin(out string error);

    /// <summary>As <see cref="TryBegin"/>, but a save that cannot begin now begins when it can.</summary>
    /// <param name="mustWait">It must not begin in the midst of what runs.</param>
    /// <param name="isScheduled">It was put off.</param>
    bool TrySchedule(bool mustWait, out bool isScheduled, out string error);

    /// <summary>Gives up the background save that is under way, or is put off.</summary>
    /// <param name="wasScheduled">It was only put off.</param>
    bool TryCancel(out bool wasScheduled);

    /// <summary>Begins a snapshot for one reader; null, with the reason, when it cannot.</summary>
    ISnapshotStream? BeginStream(out string error);

    /// <summary>Reads the keyspace back from the file (DEBUG RELOAD).</summary>
    bool TryReload(Reload options, out string error);

    /// <summary>A moment in every turn of the cron: save points, and what was put off.</summary>
    void Tick(long nowMs);
}

/// <summary>How DEBUG RELOAD goes about it.</summary>
[Flags]
public enum Reload : byte
{
    None = 0,

    /// <summary>What is in the file already is loaded.</summary>
    NoSave = 1 << 0,

    /// <summary>What is in memory stays beside it.</summary>
    NoFlush = 1 << 1,

    /// <summary>A key that is there gives way to that of the file.</summary>
    Merge = 1 << 2,
}

/// <summary>What INFO persistence and LASTSAVE tell of saves.</summary>
public readonly record struct SaveFigures
{
    /// <summary>The last save that succeeded, or the start, in milliseconds since 1970.</summary>
    public long LastSaveMs { get; init; }

    /// <summary>Changes since then.</summary>
    public long Changes { get; init; }

    public bool InProgress { get; init; }

    public bool LastOk { get; init; }

    /// <summary>How long the last one in the background took; -1 if there was none.</summary>
    public long LastSeconds { get; init; }

    /// <summary>How long the present one has taken; -1 if there is none.</summary>
    public long CurrentSeconds { get; init; }

    /// <summary>Saves that were begun.</summary>
    public long Saves { get; init; }

    /// <summary>Keys written by the save that is under way, and how many there were when it began.</summary>
    public long KeysWritten { get; init; }

    public long KeysTotal { get; init; }

    /// <summary>Keys that the last load has brought, and those that it has not, because their time had passed.</summary>
    public long LoadedKeys { get; init; }

    public long LoadedExpired { get; init; }
}

/// <summary>Nothing is saved: an engine without a folder.</summary>
internal sealed class NoSaves(long startedMs) : ISaves
{
    private const string None = "ERR this server has no folder to save to";

    public SaveFigures Figures => new() { LastSaveMs = startedMs, LastOk = true, LastSeconds = -1, CurrentSeconds = -1 };

    public string? WriteRefusal => null;

    public bool TrySave(out string error)
    {
        error = None;
        return false;
    }

    public bool TrySaveAtEnd() => true;

    public void KeyspaceEmptied() { }

    public bool TryBegin(out string error)
    {
        error = None;
        return false;
    }

    public bool TrySchedule(bool mustWait, out bool isScheduled, out string error)
    {
        isScheduled = false;
        error = None;
        return false;
    }

    public bool TryCancel(out bool wasScheduled) => wasScheduled = false;

    public ISnapshotStream? BeginStream(out string error)
    {
        error = None;
        return null;
    }

    public bool TryReload(Reload options, out string error)
    {
        error = None;
        return false;
    }

    public void Tick(long nowMs) { }
}
