using System.Diagnostics;
using Galley.Store.Observability;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// Moves the log from memory to the last increment, and knows how far it came:
///
/// <code>
///   stable  &lt;=  durable  &lt;=  written  &lt;=  accepted
///   survives    flushed to    given to     taken from
///   anything    its file      the kernel   the engine
/// </code>
///
/// "stable" is "durable" once the manifest that lists the file is on the disk too. One thread at a time has the role
/// of the writer (a lock that committers only try); flushing, replacing and rotating are the flusher's alone, or of who is
/// in its place for a short flush (<see cref="AofFlusher.TryFlushShortly"/>).
///
/// - A write that fails is cut off again and repeated later from the same place: writes name their offset in the file.
/// - A flush that fails spoils the file: what it holds past its durable length can be on the disk or not, and the
///   kernel may call the lost pages clean. It is never flushed again; the bytes go to a new increment, and the manifest
///   gives the old one's length, so that none of them counts twice.
/// - A rewrite rotates at the offset of its snapshot: the old increment must be durable to its end before the next
///   may follow it, because only the last file of a set may be torn.
/// </summary>
internal sealed class AofWriter : IDisposable
{
    private readonly AofOptions _options;
    private readonly AofFolder _folder;
    private readonly Lock _role = new();
    private readonly SelectedDatabases _databases = new();
    private readonly AofTimestamps _timestamps;
    private AofIncrement _increment;
    private long _written;
    private long _durable;
    private long _stable;
    private volatile string? _failure;
    private volatile bool _isSpoiled;
    private bool _isClosed;
    private volatile AofRotation? _rotation;

    /// <summary>Takes over an open increment of which all is durable.</summary>
    public AofWriter(AofOptions options, AofFolder folder, IFile file, long startOffset)
    {
        _options = options;
        _folder = folder;
        _timestamps = new AofTimestamps(options);
        _increment = new AofIncrement(file);
        _written = _durable = _stable = startOffset;
        Tail = new LogTail(startOffset);
    }

    public LogTail Tail { get; }

    public long Written => Volatile.Read(ref _written);

    public long Durable => Volatile.Read(ref _durable);

    public long Stable => Volatile.Read(ref _stable);

    /// <summary>The bytes in the last increment.</summary>
    public long Length => _increment.Length;

    public string? Failure => _failure;

    public bool IsSpoiled => _isSpoiled;

    /// <summary>The files that hold the log are listed in a manifest that lasts.</summary>
    public bool IsSettled => _folder.IsSettled;

    public AofRotation? Rotation => _rotation;

    public bool HasUnwritten => Tail.Accepted > Written;

    public bool HasUnflushed => Written > Durable || Durable > Stable;

    public void Accept(ReadOnlySpan<byte> commands, long endOffset)
    {
        _databases.Note(commands, endOffset);
        Tail.Append(commands);
    }

    /// <summary>From the current end of the log on, everything goes to another increment; under the gate.</summary>
    public void RequestRotation(AofRotation rotation) => _rotation = rotation;

    /// <summary>Ends a rotation that has not come; nobody writes any more.</summary>
    public void GiveUpRotation(string reason)
    {
        _rotation?.Fail(reason);
        _rotation = null;
    }

    /// <summary>Writes what is pending if nobody else is at it; true if this thread did.</summary>
    public bool TryWrite()
    {
        if (!_role.TryEnter()) return false;
        try
        {
            Write();
            return true;
        }
        finally
        {
            _role.Exit();
        }
    }

    /// <summary>The flusher's write: it waits for the role.</summary>
    public bool WritePending()
    {
        lock (_role) return Write();
    }

    /// <summary>
    /// Writes up to the end, a rotation, or the limit of what may lie unflushed; false if that failed.
    /// </summary>
    private bool Write()
    {
        if (_isSpoiled || _isClosed) return false;

        // The end is read before the rotation: bytes accepted after the rotation was asked for are never seen without
        // it.
        long target = Tail.Accepted;
        if (_rotation is { } rotation) target = Math.Min(target, rotation.Offset);
        if (Written - Durable > _options.UnflushedBytesMax) return true;

        try
        {
            AppendTimed(target);
        }
        catch (IOException failure)
        {
            Fail(failure);
            return false;
        }
        Volatile.Write(ref _written, target);
        return true;
    }

    private void AppendTimed(long target)
    {
        bool isWatched = _options.Latency is { ThresholdMs: > 0 };
        long startedAt = isWatched ? Stopwatch.GetTimestamp() : 0;
        if (target > Written) _increment.Append(Tail, Written, target, _timestamps.Next());
        if (isWatched) _options.Latency!.Note(LatencyEvents.AofWrite, Stopwatch.GetTimestamp() - startedAt);
    }

    /// <summary>Flushes what was written; the role is free meanwhile. The flusher's alone.</summary>
    public bool Flush()
    {
        AofIncrement increment = _increment;
        long length, written;
        lock (_role) (length, written) = (increment.Length, _written);
        try
        {
            increment.Flush();
        }
        catch (IOException failure)
        {
            _isSpoiled = true;
            Fail(failure);
            return false;
        }
        lock (_role) CountAsDurable(length, written);
        return Settle(written);
    }

    /// <summary>Puts a new increment in place of one that was spoiled. The flusher's alone.</summary>
    public bool Replace()
    {
        lock (_role)
        {
            // In this order, as in Write.
            long target = Tail.Accepted;
            if (_rotation is { } rotation) target = Math.Min(target, rotation.Offset);
            AofIncrement spoiled = _increment;
            try
            {
                StartIncrement(
                    _durable, target, (manifest, next) => manifest.Replace(spoiled.DurableLength, next));
            }
            catch (IOException failure)
            {
                Fail(failure);
                return false;
            }

            // Only now: until the new increment counted, the end of this process must not lose what the kernel had
            // taken.
            spoiled.Abandon();
            _isSpoiled = false;
            return Settle(target);
        }
    }

    /// <summary>
    /// Goes on in another increment from the offset of the rotation. False if the disk has to recover first.
    /// </summary>
    public bool Rotate(AofRotation rotation)
    {
        lock (_role)
        {
            if (!Write() || Written < rotation.Offset || !Flush()) return false;
            AofIncrement finished = _increment;
            try
            {
                AofFile next = StartIncrement(
                    rotation.Offset, rotation.Offset, static (manifest, next) => manifest.Append(next));
                finished.Dispose();
                _rotation = null;
                rotation.Finish(next.Sequence);
                return Settle(rotation.Offset);
            }
            catch (IOException failure)
            {
                // The rewrite is off; the log goes on where it was.
                _rotation = null;
                rotation.Fail(FileErrors.Reason(failure));
                return true;
            }
        }
    }

    public void ClearFailure()
    {
        if (_failure is null) return;
        _failure = null;
        _options.Log("AOF write error looks solved, Galley can write again.");
    }

    /// <summary>Waits for the present writer; who commits afterwards writes nothing.</summary>
    public void Dispose()
    {
        lock (_role)
        {
            _isClosed = true;
            _increment.Dispose();
        }
    }

    /// <summary>
    /// A manifest that could be lost takes the file it lists with it: nothing is stable before it is settled.
    /// </summary>
    private bool Settle(long durable)
    {
        try
        {
            _folder.Settle();
        }
        catch (IOException failure)
        {
            Fail(failure);
            return false;
        }
        Volatile.Write(ref _stable, Math.Max(_stable, durable));
        return true;
    }

    /// <summary>
    /// Makes the next increment with a stretch of the log, flushes it and lists it in the manifest; where that fails,
    /// nothing has changed.
    /// </summary>
    private AofFile StartIncrement(long offset, long end, Func<AofManifest, AofFile, AofManifest> list)
    {
        AofFile next = _folder.NextIncrement();
        AofIncrement? increment = null;
        try
        {
            increment = new AofIncrement(_folder.Create(next));
            increment.Begin(SelectedDatabases.Command(_databases.At(offset)));
            increment.Append(Tail, offset, end);
            increment.Flush();
            _folder.SyncNames();
            _folder.Publish(manifest => list(manifest, next));
        }
        catch (IOException)
        {
            increment?.Dispose();
            _folder.TryDelete(_folder.PathOf(next));
            throw;
        }
        _increment = increment;
        Volatile.Write(ref _written, end);
        CountAsDurable(increment.Length, end);
        return next;
    }

    private void CountAsDurable(long length, long offset)
    {
        // Under another policy a writer may have counted further while this flush was on its way.
        if (offset < _durable) return;
        _increment.CountAsDurable(length);
        Volatile.Write(ref _durable, offset);
        Tail.Drop(offset);
        _databases.Forget(offset);
    }

    private void Fail(IOException failure)
    {
        string reason = "Errors writing to the AOF file: " + FileErrors.Reason(failure);
        if (_failure != reason) _options.Log(reason);
        _failure = reason;
    }
}
