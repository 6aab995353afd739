namespace Galley.Store.Persistence.Files;

/// <summary>
/// The end of the effect log that memory still holds: a queue of bytes, addressed by their offset in the log. Appended
/// to under the gate, read by whoever writes the file, and dropped once nothing can ask for it again.
///
/// <code>
///   offset    durable            written            accepted
///                v                  v                  v
///   chunks   [...............][...............][...............]  256 KiB each, in a ring of references
///             ^ start                             ^ new bytes go here
///                |-- kept in case the flush fails ---|-- to be written --|
/// </code>
///
/// That one queue serves the three policies and every failure: a failed write leaves "written" where it was, a failed
/// flush sets it back to "durable", and the bytes are still there to be written to another file.
///
/// Invariants: what lies between start and accepted is in the chunks and never changes; all chunks but the last are
/// full. Appending and reading are O(bytes), dropping O(chunks); chunks are used again, so that a turn allocates
/// nothing. Two buffers that are swapped would be simpler, but cannot keep what is written and not yet known to be
/// durable.
/// </summary>
internal sealed class LogTail(long startOffset)
{
    public const int ChunkBytes = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _spare = new();
    private byte[][] _ring = new byte[4][];
    private int _first;
    private int _count;
    private int _countPeak;
    private long _start = startOffset;
    private long _accepted = startOffset;

    /// <summary>The offset after the last byte.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            long end = _accepted;
            while (!bytes.IsEmpty)
            {
                int index = (int)((end - _start) / ChunkBytes);
                int at = (int)((end - _start) % ChunkBytes);
                if (index == _count) AddChunk();
                int taken = Math.Min(bytes.Length, ChunkBytes - at);
                bytes[..taken].CopyTo(Chunk(index).AsSpan(at));
                bytes = bytes[taken..];
                end += taken;
            }
            Volatile.Write(ref _accepted, end);
        }
    }

    /// <summary>
    /// Bytes from an offset on, as many as lie together before the limit. They stay until they are dropped.
    /// </summary>
    public ReadOnlySpan<byte> Read(long offset, long limit)
    {
        lock (_lock)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(offset, _start);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, _accepted);
            int at = (int)((offset - _start) % ChunkBytes);
            int length = (int)Math.Min(limit - offset, ChunkBytes - at);
            return Chunk((int)((offset - _start) / ChunkBytes)).AsSpan(at, length);
        }
    }

    /// <summary>A copy of the bytes between two offsets; false where some were dropped.</summary>
    public bool TryCopy(long from, long to, out byte[] bytes)
    {
        lock (_lock)
        {
            bytes = [];
            if (from < _start || to > _accepted) return false;
            bytes = new byte[to - from];
            for (int at = 0; at < bytes.Length;)
            {
                ReadOnlySpan<byte> run = Read(from + at, to);
                run.CopyTo(bytes.AsSpan(at));
                at += run.Length;
            }
            return true;
        }
    }

    /// <summary>Forgets what lies before an offset.</summary>
    public void Drop(long offset)
    {
        lock (_lock)
        {
            while (_count > 0 && _start + ChunkBytes <= offset) RemoveChunk();

            // Nothing is left: begin at the front of the same chunk again, where the cache is warm.
            if (offset == _accepted) _start = offset;
        }
    }

    /// <summary>Gives back the chunks that were not needed since the last call.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            while (_spare.Count > 0 && _count + _spare.Count > _countPeak) _spare.Pop();
            _countPeak = _count;
        }
    }

    private byte[] Chunk(int index) => _ring[(_first + index) & (_ring.Length - 1)];

    private void AddChunk()
    {
        if (_count == _ring.Length) GrowRing();
        _ring[(_first + _count) & (_ring.Length - 1)] =
            _spare.TryPop(out byte[]? chunk) ? chunk : GC.AllocateUninitializedArray<byte>(ChunkBytes);
        _count++;
        _countPeak = Math.Max(_countPeak, _count);
    }

    private void RemoveChunk()
    {
        _spare.Push(_ring[_first]);
        _ring[_first] = null!;
        _first = (_first + 1) & (_ring.Length - 1);
        _count--;
        _start += ChunkBytes;
    }

    private void GrowRing()
    {
        var grown = new byte[_ring.Length * 2][];
        for (int i = 0; i < _count; i++) grown[i] = Chunk(i);
        _ring = grown;
        _first = 0;
    }
}
