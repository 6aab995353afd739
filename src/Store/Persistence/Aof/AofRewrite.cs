using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// One BGREWRITEAOF. The engine feeds it the commands that make the data as it was when the rewrite began; meanwhile
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
    /// <summary>
    /// Flushed in steps (aof-rewrite-incremental-fsync), so that the last flush is short and the disk is not flooded.
    /// </summary>
    private const long FlushStepBytes = 32 << 20;

    private readonly AofOptions _options;
    private readonly AofFolder _folder;
    private readonly AofRewriteRecord _record;
    private readonly AofRotation _rotation;
    private readonly Action _onRewritten;
    private readonly LogTail _tail = new(0);
    private readonly object _monitor = new();
    private readonly string _temporary;
    private Action<string?>? _completed;
    private IFile? _file;
    private long _written;
    private long _flushed;
    private volatile string? _failure;
    private volatile bool _isComplete;
    private bool _isSignalled;

    internal AofRewrite(
        AofOptions options, AofFolder folder, AofRewriteRecord record, AofRotation rotation, Action onRewritten)
    {
        (_options, _folder, _record, _rotation, _onRewritten) = (options, folder, record, rotation, onRewritten);
        _temporary = folder.PathOfTemporary($"rewriteaof-bg-{Environment.ProcessId}.aof");
        record.Begin();
    }

    /// <summary>Bytes appended that the disk has not taken yet; the snapshot pauses while there are too many.</summary>
    public long BufferedBytes => _tail.Accepted - Volatile.Read(ref _written);

    /// <summary>Why it cannot succeed any more, or null; what is appended from then on is thrown away.</summary>
    public string? Failure => _failure ?? _rotation.Failure;

    /// <summary>The log has turned to its new increment, or will not.</summary>
    internal bool IsRotated => _rotation.IsDone;

    /// <summary>Starts the thread that writes.</summary>
    internal void Start() => new Thread(Run) { IsBackground = true, Name = "galley-aof-rewrite" }.Start();

    /// <summary>Adds whole commands to the new base; from any thread, one at a time.</summary>
    public void Append(ReadOnlySpan<byte> commands)
    {
        if (_failure is not null) return;
        _tail.Append(commands);
        if (BufferedBytes >= LogTail.ChunkBytes) Signal();
    }

    /// <summary>
    /// The snapshot is whole: flush it and put it in place. The callback gets null, or what went wrong.
    /// </summary>
    public void Complete(Action<string?>? completed = null)
    {
        _completed = completed;
        _isComplete = true;
        Signal();
    }

    /// <summary>Gives it up; the set stays as it is.</summary>
    public void Abort(string reason = "aborted")
    {
        _failure ??= reason;
        Signal();
    }

    private void Run()
    {
        while (!_isComplete && Drain()) WaitForSignal();
        Finish();
    }

    private void Signal()
    {
        lock (_monitor)
        {
            _isSignalled = true;
            Monitor.Pulse(_monitor);
        }
    }

    private void WaitForSignal()
    {
        lock (_monitor)
        {
            while (!_isSignalled) Monitor.Wait(_monitor);
            _isSignalled = false;
        }
    }

    /// <summary>Writes what is buffered; false once the rewrite has failed.</summary>
    internal bool Drain()
    {
        try
        {
            // Made by the thread that writes: BeginRewrite is called under the gate, and does not wait for a disk.
            _file ??= _options.Files.Create(_temporary);
            while (_failure is null && _tail.Accepted is var end && _written < end)
            {
                ReadOnlySpan<byte> bytes = _tail.Read(_written, end);
                _file.Write(bytes, _written);
                Volatile.Write(ref _written, _written + bytes.Length);
                _tail.Drop(_written);
                if (_written - _flushed >= FlushStepBytes) Flush(_file);
            }
        }
        catch (IOException failure)
        {
            _failure = FileErrors.Reason(failure);
        }
        return _failure is null;
    }

    /// <summary>Drains, and either puts the new base in place or gives up.</summary>
    internal void Finish()
    {
        bool succeeded = Drain() && TryPublish();
        _file?.Dispose();
        if (!succeeded) _folder.TryDelete(_temporary);
        _options.Log("Background AOF rewrite " + (succeeded ? "finished successfully" : $"failed: {_failure}"));
        _record.End(succeeded);
        if (succeeded) _onRewritten();
        _completed?.Invoke(_failure);
        if (succeeded) _folder.DeleteHistory();
    }

    private bool TryPublish()
    {
        AofFile? installed = null;
        try
        {
            Flush(_file!);
            // The increment that begins where this base ends has to be there first.
            _rotation.Wait();
            if (_rotation.Failure is { } reason) throw new IOException(reason);

            AofFile newBase = _folder.NextBase();
            _options.Files.Rename(_temporary, _folder.PathOf(newBase));
            installed = newBase;
            _folder.SyncNames();
            _folder.Publish(manifest => manifest.Rewrite(newBase, _rotation.Sequence));
            return true;
        }
        catch (IOException failure)
        {
            _failure = FileErrors.Reason(failure);
            if (installed is not null) _folder.TryDelete(_folder.PathOf(installed));
            return false;
        }
    }

    private void Flush(IFile file)
    {
        file.Flush();
        _flushed = _written;
    }
}
