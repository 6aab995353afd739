using Galley.Store.Engine;
using Galley.Store.Persistence.Aof;
using Galley.Store.Persistence.Backups;

namespace Galley.Store.Persistence;

/// <content>The append-only file as BACKUP needs it.</content>
public sealed partial class DataFolder : IBackupLog
{
    /// <summary>The file is there for a backup alone.</summary>
    private bool _isTemporary;

    AppendOnlyFile? IBackupLog.File => _file;

    bool IBackupLog.IsSnapshotUnderWay => _engine.IsSnapshotUnderWay;

    string? IBackupLog.BeginTemporary(AofOptions options)
    {
        // One that was given up still has a temporary file of the same name.
        if (_persistence is { IsRewriting: true }) return "The backup that was aborted has not come to its end: try again.";
        try
        {
            _file = AppendOnlyFile.OpenAnew(options, _engine.Server.Effects.EndOffset);
        }
        catch (PersistenceException failure)
        {
            return failure.Message;
        }
        _isTemporary = true;
        FollowPolicy();
        _persistence = NewPersistence(_file);
        _engine.AttachInTurn(_file, _persistence);
        return null;
    }

    void IBackupLog.EndTemporary()
    {
        _persistence!.Stop();
        _engine.AttachInTurn(null, null);
        _file!.Dispose();
        _file = null;
        _isTemporary = false;
    }

    void IBackupLog.RequestRewrite()
    {
        // That of a file that begins anew is due by itself.
        if (!_isTemporary) _persistence!.TryBeginRewrite(out _);
    }

    void IBackupLog.EndTurn() => _engine.EndLogTurn();

    void IBackupLog.Post(Action action) => _engine.Post(new ActionWork(action));
}
