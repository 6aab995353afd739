namespace Galley.Store.Persistence.Files;

/// <summary>
/// A new file that nobody waits for: who appends only copies, and a thread writes. A snapshot is written so. Once
/// something has failed, what is appended is thrown away.
/// </summary>
/// <param name="composer">What is appended is written as it makes it; null: as it is.</param>
internal sealed class QueuedFile(IFiles files, string path, IComposer? composer = null)
{
    /// <summary>
    /// Flushed in steps (aof-rewrite-incremental-fsync, rdb-save-incremental-fsync), so that the last flush is short and the
    /// disk is not flooded.
    /// </summary>
    private const long FlushStepBytes = 32 << 20;

    private readonly LogTail _tail = new(0);
    private readonly object _monitor = new();
    private IFile? _file;
    private long _taken;
    private long _written;
    private long _flushed;
    private volatile string? _failure;
    private volatile bool _isComplete;
    private bool _isSignalled;

    /// <summary>Bytes appended that the disk has not taken yet; none once something has failed, so that nobody waits for them.</summary>
    public long BufferedBytes => _failure is null ? _tail.Accepted - Volatile.Read(ref _taken) : 0;

    /// <summary>What went wrong, or null.</summary>
    public string? Failure => _failure;

    /// <summary>Adds bytes; from any thread, one at a time.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_failure is not null) return;
        _tail.Append(bytes);
        if (BufferedBytes >= LogTail.ChunkBytes) Signal();
    }

    /// <summary>Nothing more is appended.</summary>
    public void Complete()
    {
        _isComplete = true;
        Signal();
    }

    /// <summary>Gives it up, for this reason unless there was one before.</summary>
    public void Fail(string reason)
    {
        _failure ??= reason;
        Signal();
    }

    /// <summary>On the thread that writes: returns when all is written, or something has failed.</summary>
    public void WriteUntilComplete()
    {
        while (!_isComplete && Write()) WaitForSignal();
        if (_failure is null) Write();
    }

    /// <summary>Writes what is there; false once something has failed.</summary>
    public bool Write()
    {
        try
        {
            // Made by the thread that writes: a snapshot begins under the gate, and does not wait for a disk.
            _file ??= files.Create(path);
            while (_failure is null && _tail.Accepted is var end && _taken < end)
            {
                ReadOnlySpan<byte> appended = _tail.Read(_taken, end);
                ReadOnlySpan<byte> bytes = composer is null ? appended : composer.Compose(appended);
                _file.Write(bytes, _written);
                _written += bytes.Length;
                Volatile.Write(ref _taken, _taken + appended.Length);
                _tail.Drop(_taken);
                if (_written - _flushed >= FlushStepBytes) Flush();
            }
        }
        catch (IOException failure)
        {
            _failure = FileErrors.Reason(failure);
        }
        return _failure is null;
    }

    /// <summary>Returns when what was written is on the disk.</summary>
    /// <exception cref="IOException">It is not known to be.</exception>
    public void Flush()
    {
        _file!.Flush();
        _flushed = _written;
    }

    public void Close() => _file?.Dispose();

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
}

/// <summary>Makes what is written of what was appended, on the thread that writes.</summary>
internal interface IComposer
{
    /// <summary>What these bytes make, together with what was kept of those before; valid until the next call.</summary>
    ReadOnlySpan<byte> Compose(ReadOnlySpan<byte> appended);
}
