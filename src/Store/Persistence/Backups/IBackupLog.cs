using Galley.Store.Persistence.Aof;

namespace Galley.Store.Persistence.Backups;

/// <summary>The append-only file as a backup needs it. Under the gate.</summary>
internal interface IBackupLog
{
    /// <summary>The file that is written now, or null.</summary>
    AppendOnlyFile? File { get; }

    /// <summary>Begins one for a backup alone, in its folder; null, or why it cannot.</summary>
    string? BeginTemporary(AofOptions options);

    /// <summary>Ends it; <c>appendonly</c> is <c>no</c> as before.</summary>
    void EndTemporary();

    /// <summary>Asks for a rewrite, which begins when no other snapshot is under way.</summary>
    void RequestRewrite();

    /// <summary>Another snapshot is under way.</summary>
    bool IsSnapshotUnderWay { get; }

    /// <summary>Hands the file what the present turn has changed so far.</summary>
    void EndTurn();

    /// <summary>Runs an action in a turn of its own. Any thread.</summary>
    void Post(Action action);
}
