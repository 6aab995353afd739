using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Aof;

/// <summary>
/// The increment that is being written, and which of its bytes count:
///
/// <code>
///   [ durable ........ | written ........ | torn ... ]
///                      ^ DurableLength    ^ Length    left behind by a write that failed
/// </code>
///
/// Writes name their offset, so that a failed one is repeated from the same place.
/// </summary>
internal sealed class AofIncrement(IFile file) : IDisposable
{
    private bool _hasTornEnd;
    private long _length = file.Length;

    public long Length => Volatile.Read(ref _length);

    /// <summary>What is known to be on the disk; all of a file that is taken over has to be.</summary>
    public long DurableLength { get; private set; } = file.Length;

    /// <summary>Bytes in front of the log's own, written once when the file is made.</summary>
    public void Begin(ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes, 0);
        _length = bytes.Length;
    }

    /// <summary>Appends a stretch of the log: all of it, or nothing that counts.</summary>
    /// <param name="annotation">Bytes in front of it that are not the log's.</param>
    public void Append(LogTail tail, long offset, long end, ReadOnlySpan<byte> annotation = default)
    {
        CutOff();
        long length = _length;
        // Set first: whatever ends this loop early leaves something behind.
        _hasTornEnd = true;
        if (!annotation.IsEmpty) file.Write(annotation, length);
        length += annotation.Length;
        while (offset < end)
        {
            ReadOnlySpan<byte> bytes = tail.Read(offset, end);
            file.Write(bytes, length);
            offset += bytes.Length;
            length += bytes.Length;
        }
        _hasTornEnd = false;
        Volatile.Write(ref _length, length);
    }

    public void Flush() => file.Flush();

    public void CountAsDurable(long length) => DurableLength = length;

    /// <summary>
    /// Leaves a spoiled file for good, cut where the manifest says that it ends, for redis-server's sake.
    /// </summary>
    public void Abandon()
    {
        try
        {
            file.Truncate(DurableLength);
        }
        catch (IOException)
        {
            // The length in the manifest is what counts; the loader cuts it off.
        }
        file.Dispose();
    }

    public void Dispose() => file.Dispose();

    /// <summary>
    /// Removes what a failed write left behind. The next write would cover it, unless it is shorter: it may end at a
    /// rotation, and the file must end there as well.
    /// </summary>
    private void CutOff()
    {
        if (!_hasTornEnd) return;
        file.Truncate(_length);
        _hasTornEnd = false;
    }
}
