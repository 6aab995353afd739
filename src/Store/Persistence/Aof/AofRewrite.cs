using Galley.Resp.Transport;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// One BGREWRITEAOF. The engine feeds it what makes the data as it was when the rewrite began; meanwhile
/// the log goes on in an increment of its own. The set can be loaded at every moment:
///
/// <code>
///   begin      base 1, incr 1                       the log turns to incr 2 (AofWriter.Rotate)
///   running    base 1, incr 1, incr 2               temp-rewriteaof-bg-PID.aof grows
///   complete   base 2, incr 2  (history: base 1, incr 1), from one rename of the manifest on
///   after      base 2, incr 2
/// </code>
///
/// Append never waits: it copies, and a thread of the rewrite's own writes. The engine paces its snapshot by <see
/// cref="BufferedBytes"/>. A rewrite that fails leaves the set as it is, with one increment more.
/// </summary>
public sealed class AofRewrite
{
    private readonly AofOptions _options;
    private readonly AofFolder _folder;
    private readonly AofRewriteRecord _record;
    private readonly AofRotation _rotation;
    private readonly Action _onRewritten;
    private readonly string _temporary;
    private readonly QueuedFile _output;
    private Action<string?>? _completed;

    internal AofRewrite(
        AofOptions options, AofFolder folder, AofRewriteRecord record, AofRotation rotation, Action onRewritten, IComposer? rdb)
    {
        (_options, _folder, _record, _rotation, _onRewritten) = (options, folder, record, rotation, onRewritten);
        _temporary = folder.PathOfTemporary($"rewriteaof-bg-{Environment.ProcessId}.aof");
        _output = new QueuedFile(options.Files, _temporary, rdb);
        IsRdb = rdb is not null;
        record.Begin();
    }

    /// <summary>Bytes appended that the disk has not taken yet; the snapshot pauses while there are too many.</summary>
    public long BufferedBytes => _output.BufferedBytes;

    /// <summary>Why it cannot succeed any more, or null; what is appended from then on is thrown away.</summary>
    public string? Failure => _output.Failure ?? _rotation.Failure;

    /// <summary>The base is an RDB file, and is named as one.</summary>
    internal bool IsRdb { get; }

    /// <summary>The log has turned to its new increment, or will not.</summary>
    internal bool IsRotated => _rotation.IsDone;

    /// <summary>Starts the thread that writes.</summary>
    internal void Start() => new Thread(Run) { IsBackground = true, Name = "galley-aof-rewrite" }.Start();

    /// <summary>Adds to the new base; from any thread, one at a time.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _output.Append(bytes);

    /// <summary>
    /// The snapshot is whole: flush it and put it in place. The callback gets null, or what went wrong.
    /// </summary>
    public void Complete(Action<string?>? completed = null)
    {
        _completed = completed;
        _output.Complete();
    }

    /// <summary>Gives it up; the set stays as it is.</summary>
    public void Abort(string reason = "aborted") => _output.Fail(reason);

    private void Run()
    {
        UnixProcess.LetOthersGoFirst();
        _output.WriteUntilComplete();
        Finish();
    }

    /// <summary>Writes what is buffered; false once the rewrite has failed.</summary>
    internal bool Drain() => _output.Write();

    /// <summary>Drains, and either puts the new base in place or gives up.</summary>
    internal void Finish()
    {
        bool succeeded = Drain() && TryPublish();
        _output.Close();
        if (!succeeded) _folder.TryDelete(_temporary);
        _options.Log("Background AOF rewrite " + (succeeded ? "finished successfully" : $"failed: {Failure}"));
        // Before the end is told: another set may begin then in this folder, and it must not be changed from here.
        if (succeeded) _folder.DeleteHistory();
        if (succeeded) _onRewritten();
        _record.End(succeeded);
        _completed?.Invoke(_output.Failure);
    }

    private bool TryPublish()
    {
        AofFile? installed = null;
        try
        {
            _output.Flush();
            // The increment that begins where this base ends has to be there first.
            _rotation.Wait();
            if (_rotation.Failure is { } reason) throw new IOException(reason);

            AofFile newBase = _folder.NextBase(IsRdb);
            _options.Files.Rename(_temporary, _folder.PathOf(newBase));
            installed = newBase;
            _folder.SyncNames();
            _folder.Publish(manifest => manifest.Rewrite(newBase, _rotation.Sequence));
            return true;
        }
        catch (IOException failure)
        {
            _output.Fail(FileErrors.Reason(failure));
            if (installed is not null) _folder.TryDelete(_folder.PathOf(installed));
            return false;
        }
    }
}
