using Galley.Store.Engine;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// The append-only file: keeps the effect log on disk, in the files of redis-server 7.
///
/// <code>
///   gate                     committer                              flusher thread
///   Accept: copy to tail --&gt; Commit: everysec, no: write             everysec: flush once a second
///                                    always: write, flush, release,
///                                    or, if that may not be, wake --&gt; always: write, flush, release
/// </code>
///
/// ReleasedOffset is how far replies may go: what is written under everysec and no, what is durable under always.
/// While writing fails, always releases nothing, and the others release what was accepted, as redis-server answers
/// then: it is kept in memory and stored as soon as that works, and <see cref="Failure"/> has new writes refused.
/// </summary>
public sealed partial class AppendOnlyFile : IEffectSink, IDisposable
{
    /// <summary>Rounds that a committer writes for others before it leaves the rest to the flusher.</summary>
    private const int RoundsMax = 16;

    private readonly AofOptions _options;
    private readonly AofFolder _folder;
    private readonly AofWriter _writer;
    private readonly AofFlusher _flusher;
    private readonly AofRewriteRecord _rewrites;
    private long _released;
    private int _policy;
    private long _baseLength;

    private AppendOnlyFile(AofOptions options, AofFolder folder, IFile last, long startOffset)
    {
        _options = options;
        _folder = folder;
        _writer = new AofWriter(options, folder, last, startOffset);
        _flusher = new AofFlusher(this, _writer, options);
        _rewrites = new AofRewriteRecord(options.Time);
        _released = startOffset;
        _policy = (int)options.Policy;
        _baseLength = SettledBytes() + _writer.Length;
    }

    public long DurableOffset => _writer.Stable;

    public long ReleasedOffset => Volatile.Read(ref _released);

    public bool TryCopy(long from, long to, out byte[] commands) => _writer.Tail.TryCopy(from, to, out commands);

    public event Action? Released;

    public string? Failure => _writer.Failure;

    /// <summary>The set has begun anew, and no rewrite has given it its base yet.</summary>
    public bool AwaitsBase => _folder.Manifest.Base is null;

    internal AofFlusher Flusher => _flusher;

    /// <summary><c>appendfsync</c>; it can be changed at any time, from any thread.</summary>
    public FsyncPolicy Policy
    {
        get => (FsyncPolicy)Volatile.Read(ref _policy);
        set
        {
            Volatile.Write(ref _policy, (int)value);
            _flusher.Wake();
        }
    }

    public void Accept(ReadOnlySpan<byte> commands, long endOffset)
    {
        if (_writer.Tail.Accepted + commands.Length != endOffset) ThrowGap(commands.Length, endOffset);
        _writer.Accept(commands, endOffset);
    }

    public void Commit(bool mayFlush)
    {
        FsyncPolicy policy = Policy;
        if (policy == FsyncPolicy.Always && mayFlush && _flusher.TryFlushShortly()) return;
        // What failed is the flusher's to repeat, and so is what waits for a rotation.
        if (policy == FsyncPolicy.Always || _writer.Failure is not null || _writer.Rotation is not null)
            _flusher.Wake();
        else
            WriteInline();
    }

    /// <summary>Somebody waits until what was written is durable (WAITAOF): under <c>no</c> nothing else would have it flushed.</summary>
    public void AskForFlush() => _flusher.Ask();

    /// <summary>Writes and flushes everything before it returns, whatever the policy: for SHUTDOWN.</summary>
    public void FlushNow()
    {
        if (_flusher.FlushAll()) return;
        throw new PersistenceException(_writer.Failure ?? "The append-only file could not be flushed.");
    }

    /// <summary>
    /// Begins a rewrite whose snapshot is the data at this very offset of the log: under the gate, and it does not
    /// wait.
    /// </summary>
    /// <param name="isRdb">The snapshot comes in RDB form, and not as commands.</param>
    internal AofRewrite BeginRewrite(IComposer? rdb = null)
    {
        AofRewrite rewrite = BeginRewriteWithoutThread(rdb);
        rewrite.Start();
        return rewrite;
    }

    internal AofRewrite BeginRewriteWithoutThread(IComposer? rdb = null)
    {
        if (IsRewriting) throw new InvalidOperationException("A rewrite of the append-only file is running already.");
        var rotation = new AofRotation(_writer.Tail.Accepted);
        var rewrite = new AofRewrite(_options, _folder, _rewrites, rotation, OnRewritten, rdb);
        _writer.RequestRotation(rotation);
        _flusher.Wake();
        return rewrite;
    }

    /// <summary>
    /// Stores everything durably, and goes on in another increment: what is told lists the files that hold all up to here
    /// and change no more. Under the gate, while no rewrite runs; it waits for the disk.
    /// </summary>
    /// <exception cref="PersistenceException">It could not be stored.</exception>
    internal AofManifest Seal()
    {
        var rotation = new AofRotation(_writer.Tail.Accepted);
        _writer.RequestRotation(rotation);
        FlushNow();
        if (rotation.Failure is { } reason) throw new PersistenceException(reason);
        if (!rotation.IsDone) throw new PersistenceException("The append-only file did not go on in another increment.");
        AofManifest manifest = _folder.Manifest;
        return manifest with { History = [], Increments = manifest.Increments.RemoveAll(file => file.Sequence >= rotation.Sequence) };
    }

    /// <summary>The files of the set at this moment; the last increment is still written.</summary>
    internal AofManifest Manifest => _folder.Manifest;

    internal string PathOf(AofFile file) => _folder.PathOf(file);

    /// <summary>Rewrites that were begun.</summary>
    internal long RewriteCount => _rewrites.Count;

    internal bool LastRewriteSucceeded => _rewrites.LastSucceeded;

    /// <summary>What INFO persistence tells.</summary>
    public AofStatus Status => new()
    {
        CurrentSizeBytes = SettledBytes() + _writer.Length,
        BaseSizeBytes = Volatile.Read(ref _baseLength),
        BufferedBytes = _writer.Tail.Accepted - _writer.Written,
        IsFlushPending = _flusher.IsFlushing,
        LastWriteSucceeded = _writer.Failure is null,
        RewriteInProgress = IsRewriting,
        LastRewriteSucceeded = _rewrites.LastSucceeded,
        LastRewriteSeconds = _rewrites.LastSeconds,
        CurrentRewriteSeconds = _rewrites.CurrentSeconds,
        Rewrites = _rewrites.Count,
        ConsecutiveRewriteFailures = _rewrites.ConsecutiveFailures,
    };

    /// <summary>
    /// Stores what it can and closes; who has to know that it worked calls <see cref="FlushNow"/> before.
    /// </summary>
    public void Dispose()
    {
        _flusher.Dispose();
        _flusher.FlushAll();
        _writer.GiveUpRotation("The server is shutting down");
        _writer.Dispose();
    }

    /// <summary>
    /// Raises ReleasedOffset to where it may be, and tells of it every time: who waits may have come with a reply that
    /// only reads what this turn wrote, and left no mark.
    /// </summary>
    internal void Release()
    {
        if (TryRaise()) Released?.Invoke();
    }

    /// <summary>One that was given up still counts until the log has turned to its increment.</summary>
    internal bool IsRewriting => _rewrites.IsRunning || _writer.Rotation is not null;

    private void WriteInline()
    {
        for (int round = 0; round < RoundsMax && _writer.HasUnwritten && _writer.Failure is null; round++)
        {
            // The present writer looks again after it has let go of the role, and finds these bytes.
            if (!_writer.TryWrite()) return;
            Release();
        }
        if (_writer.HasUnwritten || _writer.Written - _writer.Durable > _options.FlushAheadBytes) _flusher.Wake();
    }

    private bool TryRaise()
    {
        long offset = Policy == FsyncPolicy.Always ? _writer.Stable
            : _writer.Failure is null ? _writer.Written
            : _writer.Tail.Accepted;
        long released = ReleasedOffset;
        while (offset > released)
        {
            long seen = Interlocked.CompareExchange(ref _released, offset, released);
            if (seen == released) return true;
            released = seen;
        }
        return false;
    }

    private void OnRewritten() => Volatile.Write(ref _baseLength, SettledBytes() + _writer.Length);

    /// <summary>The bytes of all files but the last, which is still written.</summary>
    private long SettledBytes()
    {
        long bytes = 0;
        AofManifest manifest = _folder.Manifest;
        AofFile? last = manifest.Increments.IsEmpty ? null : manifest.Increments[^1];
        foreach (AofFile file in manifest.Live)
        {
            if (file != last) bytes += file.Length ?? _folder.LengthOf(file);
        }
        return bytes;
    }

    private static void ThrowGap(int length, long endOffset) =>
        throw new ArgumentException($"The log has a gap: {length} bytes do not end at offset {endOffset}.");
}
