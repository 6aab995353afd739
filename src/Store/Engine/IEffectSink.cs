namespace Galley.Store.Engine;

/// <summary>A reader of the effect log: the append-only file, later the replication backlog.</summary>
public interface IEffectSink
{
    /// <summary>
    /// Bytes of whole RESP commands that end at this offset of the log. Under the gate, once a turn at most; they
    /// must be taken (copied) before it returns.
    /// </summary>
    void Accept(ReadOnlySpan<byte> commands, long endOffset);

    /// <summary>
    /// Outside the gate, after every turn, on the thread that ran it: write what was accepted, if nobody else is at it.
    /// </summary>
    /// <param name="mayFlush">The thread may wait for a short flush of the disk; otherwise for none.</param>
    void Commit(bool mayFlush);

    /// <summary>
    /// Replies that reflect the log up to this offset may leave (written for everysec and no, durable for always).
    /// </summary>
    long ReleasedOffset { get; }

    /// <summary>The log is on the disk, flushed, up to this offset, whatever was asked for.</summary>
    long DurableOffset { get; }

    /// <summary>The bytes between two offsets of the log; false where they are not kept any more.</summary>
    bool TryCopy(long from, long to, out byte[] commands);

    /// <summary>
    /// Raised whenever <see cref="ReleasedOffset"/> has risen, on the thread that raised it: the sink's own, or one that
    /// is in <see cref="Commit"/>. It comes with every turn, so whoever listens is quick when nobody waits.
    /// </summary>
    event Action? Released;

    /// <summary>
    /// Why writes cannot be stored now (the text after "MISCONF " as redis-server words it, e.g. "Errors writing to
    /// the AOF file: No space left on device"), or null.
    /// </summary>
    string? Failure { get; }
}
