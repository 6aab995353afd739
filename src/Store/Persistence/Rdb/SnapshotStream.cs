using System.Buffers;
using System.IO.Pipelines;
using Galley.Store.Commands;
using Galley.Store.Engine;
using Galley.Store.Keyspace;

namespace Galley.Store.Persistence.Rdb;

/// <summary>
/// A snapshot for a reader far away. What it has not taken is held, within bounds: the walk waits for it, and what is
/// handed over meanwhile because it changes may become so much, that the reader is cut off.
/// <code>
///   walk, changes (gate) --&gt; [ up to 32 MiB: the walk goes on | up to 128 MiB: it waits | cut off ] --&gt; reader
/// </code>
/// </summary>
internal sealed class SnapshotStream : ISnapshotSink, ISnapshotStream
{
    /// <summary>Bytes that one reader may leave lying.</summary>
    private const long BytesMax = 128L << 20;

    private const int SegmentBytes = 64 * 1024;

    private readonly GalleyEngine _engine;
    private readonly RdbSnapshot _snapshot;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: SegmentBytes, useSynchronizationContext: false));
    private long _written;
    private long _read;
    private bool _isWalked;
    private bool _isOver;

    public SnapshotStream(GalleyEngine engine)
    {
        _engine = engine;
        var file = new ChecksummedFile(new AppendingOutput(Append), engine.Server.Settings.RdbChecksum);
        _snapshot = new RdbSnapshot(engine.Server, file, () => BufferedBytes, isLogBase: false);
    }

    public PipeReader Bytes => _pipe.Reader;

    public bool IsBusy => !_isOver && _snapshot.IsBusy;

    private long BufferedBytes => _written - Interlocked.Read(ref _read);

    public void HasRead(long bytes) => Interlocked.Add(ref _read, bytes);

    public void Take(int databaseId, SnapshotEntry entry)
    {
        if (_isOver) return;
        _snapshot.Take(databaseId, entry);
        if (BufferedBytes > BytesMax) End(new IOException("The reader of the snapshot is too slow."));
    }

    /// <summary>The walk has ended. Under the gate.</summary>
    public void Complete()
    {
        _isWalked = true;
        if (_isOver) return;
        _snapshot.End();
        End(null);
    }

    /// <summary>The reader has all, or wants no more. Any thread.</summary>
    public void Dispose() => _engine.Post(new ActionWork(() =>
    {
        End(new IOException("The snapshot was given up."));
        if (!_isWalked) _engine.AbandonSnapshot(this);
        _isWalked = true;
    }));

    private void End(Exception? failure)
    {
        if (_isOver) return;
        _isOver = true;
        _pipe.Writer.Complete(failure);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_isOver) return;
        _pipe.Writer.Write(bytes);
        _written += bytes.Length;
        // Nothing of it waits: the pipe has no bound of its own.
        _ = _pipe.Writer.FlushAsync().AsTask();
    }
}
