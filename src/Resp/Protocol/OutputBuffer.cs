using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Galley.Resp.Protocol;

/// <summary>
/// What waits to be sent to one client: a chain of pooled chunks. Written under the gate, detached under the gate by
/// the transport's thread, sent outside it. An idle connection holds no chunk.
/// <code>
///   _pieces   [ piece | piece | shared | piece ]     closed, in order, each with its ticket
///   _chunk    | closed already | open       | free  |
///                               ^_begin      ^_at
/// </code>
/// Writing touches only <c>_chunk</c> and <c>_at</c>. The open run is closed into a piece when its chunk is full, when
/// shared bytes or the hole for a deferred length follow, and when a later ticket begins; so one chunk can make
/// several pieces. The first chunk is small, unless the connection lately needed more: fifty clients with short
/// replies then stay within the cache.
/// </summary>
public sealed partial class OutputBuffer : IBufferWriter<byte>
{
    private const int LaterChunkBytes = 16 * 1024;
    private const int ChunkBytesMax = 1024 * 1024;

    // Copying so few bytes costs less than one more segment in the call that sends. But the first chunk is taken from a
    // pool, which with a thousand subscribers to one message has none left: what stands alone is not copied.
    private const int SharedBytesMin = 1024;
    private const int LonePiecesMax = 4;

    private byte[] _chunk = [];
    private int _begin;
    private int _at;
    private OutputPiece[] _pieces = [];
    private int _pieceCount;
    private long _closedBytes;
    private long _detachedBytes;
    private long _sentBytes;
    private long _openTicket;
    private int _nextChunkBytes = OutputChunks.FirstBytes;

    /// <summary>Bytes written and not yet sent, those already detached included.</summary>
    public long PendingBytes => Written - SentBytes;

    /// <summary>Bytes that were ever sent.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>The size of the chunk that is being written; 0 at rest.</summary>
    public int ChunkBytes => _chunk.Length;

    /// <summary>Bytes written to that chunk since its last piece was closed.</summary>
    public int OpenBytes => _at - _begin;

    /// <summary>Bytes that the last turn with output has left for the transport.</summary>
    public int LastTurnBytes { get; private set; }

    /// <summary>How many chunks so many bytes fill, the last one in part.</summary>
    public static long CountChunks(long bytes) => (bytes + LaterChunkBytes - 1) / LaterChunkBytes;

    /// <summary>Nothing was written since the last detachment, nor a chunk taken for it.</summary>
    public bool IsEmpty => _chunk.Length == 0 && _pieceCount == 0;

    /// <summary>
    /// Bytes written from here on leave only when the application has released this ticket (an offset of the log).
    /// Zero holds nothing. Bytes that are held already and not yet detached wait for the later of both tickets: one
    /// write to the log serves the whole turn.
    /// </summary>
    public long HoldTicket
    {
        get;
        set
        {
            field = value;
            // What comes after a held run leaves after it in any case.
            if (value <= _openTicket) return;
            if (_openTicket == 0) CloseRun(null);
            _openTicket = value;
        }
    }

    /// <summary>As <see cref="HoldTicket"/>, and holds what was written before and is not yet detached as well.</summary>
    public void HoldAll(long ticket)
    {
        for (int i = 0; i < _pieceCount; i++) _pieces[i].Ticket = Math.Max(_pieces[i].Ticket, ticket);
        _openTicket = Math.Max(_openTicket, ticket);
        HoldTicket = Math.Max(HoldTicket, ticket);
    }

    /// <summary>A position to which <see cref="Truncate"/> can return as long as nothing was detached.</summary>
    public long Written => _closedBytes + (_at - _begin);

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_chunk.Length - _at <= sizeHint) AddChunk(sizeHint);
        return _chunk.AsSpan(_at);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_chunk.Length - _at <= sizeHint) AddChunk(sizeHint);
        return _chunk.AsMemory(_at);
    }

    public void Advance(int count)
    {
        Debug.Assert(count >= 0 && count <= _chunk.Length - _at);
        _at += count;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > _chunk.Length - _at)
        {
            int fits = _chunk.Length - _at;
            bytes[..fits].CopyTo(_chunk.AsSpan(_at));
            _at += fits;
            bytes = bytes[fits..];
            AddChunk(Math.Min(bytes.Length, ChunkBytesMax));
        }
        bytes.CopyTo(_chunk.AsSpan(_at));
        _at += bytes.Length;
    }

    /// <summary>
    /// Appends bytes that are shared by many outputs and do not change before <paramref name="owner"/> is disposed,
    /// on whatever thread, when they were sent or dropped. Nothing is copied, but for a few bytes that come after others.
    /// </summary>
    public void AppendShared(ReadOnlyMemory<byte> bytes, IDisposable? owner = null)
    {
        bool standsAlone = _chunk.Length == 0 && _pieceCount < LonePiecesMax;
        if (bytes.Length < SharedBytesMin && !standsAlone)
        {
            Append(bytes.Span);
            owner?.Dispose();
            return;
        }
        // An empty run is closed too: the hole of a deferred length may lie before it, and must not belong to these bytes.
        if (_chunk.Length > 0) AddRun(null);
        AddPiece(new OutputPiece { Bytes = bytes, Release = owner, Ticket = _openTicket, IsShared = true });
        _closedBytes += bytes.Length;
    }

    /// <summary>Drops everything after a position that <see cref="Written"/> gave.</summary>
    public void Truncate(long written)
    {
        Debug.Assert(written >= _detachedBytes && written <= Written);
        long drop = Written - written;
        while (drop > _at - _begin)
        {
            drop -= _at - _begin;
            _at = _begin;
            drop = ReopenLastPiece(drop);
        }
        _at -= (int)drop;
    }

    /// <summary>Bytes written and not yet detached.</summary>
    public long UndetachedBytes => Written - _detachedBytes;

    /// <summary>
    /// What has not been detached, without a copy, where it lies in one run: a short reply does. It is valid until something
    /// is written or dropped.
    /// </summary>
    public bool TryGetRun(out ReadOnlySpan<byte> bytes)
    {
        bytes = _pieceCount == 0 ? _chunk.AsSpan(_begin, _at - _begin) : default;
        return _pieceCount == 0;
    }

    /// <summary>Copies what has not been detached into one array and empties the buffer; for doors that read replies back.</summary>
    public ReadOnlySequence<byte> Drain()
    {
        var bytes = new byte[UndetachedBytes];
        DrainTo(bytes);
        return new ReadOnlySequence<byte>(bytes);
    }

    /// <summary>As <see cref="Drain"/>, into room for at least <see cref="UndetachedBytes"/>.</summary>
    /// <returns>The bytes copied.</returns>
    public int DrainTo(Span<byte> bytes)
    {
        int at = 0;
        for (int i = 0; i < _pieceCount; i++)
        {
            _pieces[i].Bytes.Span.CopyTo(bytes[at..]);
            at += _pieces[i].Bytes.Length;
        }
        _chunk.AsSpan(_begin, _at - _begin).CopyTo(bytes[at..]);
        at += _at - _begin;
        Volatile.Write(ref _sentBytes, _sentBytes + at);
        Drop();
        return at;
    }

    /// <summary>Frees what has not been detached; for a connection that has ended.</summary>
    internal void Drop()
    {
        CloseChunk();
        for (int i = 0; i < _pieceCount; i++) _pieces[i].Free();
        Detached();
    }

    /// <summary>Hands everything written so far to the queue of the transport. Inside a turn.</summary>
    internal void DetachTo(SendQueue queue)
    {
        CloseChunk();
        for (int i = 0; i < _pieceCount; i++) queue.Enqueue(_pieces[i]);
        Detached();
    }

    /// <summary>The transport has sent bytes that were detached; its own thread.</summary>
    internal void Sent(long count) => Volatile.Write(ref _sentBytes, _sentBytes + count);

    private void Detached()
    {
        LastTurnBytes = (int)Math.Min(_closedBytes - _detachedBytes, int.MaxValue);
        _nextChunkBytes = LastTurnBytes > OutputChunks.FirstBytes ? LaterChunkBytes : OutputChunks.FirstBytes;
        _detachedBytes = _closedBytes;
        _openTicket = HoldTicket;
        if (_pieceCount > 16) _pieces = [];
        else _pieces.AsSpan(0, _pieceCount).Clear();
        _pieceCount = 0;
    }

    private void AddChunk(int sizeHint)
    {
        CloseChunk();
        _chunk = OutputChunks.Rent(Math.Max(sizeHint + 1, _nextChunkBytes));
        _nextChunkBytes = LaterChunkBytes;
    }

    private void CloseChunk()
    {
        if (_chunk.Length == 0) return;
        CloseRun(_chunk);
        _chunk = [];
        _begin = _at = 0;
    }

    /// <summary>Closes the open run into a piece, which gives back <paramref name="chunk"/> once it is sent.</summary>
    private void CloseRun(byte[]? chunk)
    {
        if (_at > _begin || chunk is not null) AddRun(chunk);
    }

    private void AddRun(byte[]? chunk)
    {
        int length = _at - _begin;
        AddPiece(new OutputPiece { Bytes = _chunk.AsMemory(_begin, length), Release = chunk, Ticket = _openTicket });
        _closedBytes += length;
        _begin = _at;
    }

    private void AddPiece(in OutputPiece piece)
    {
        if (_pieceCount == _pieces.Length) Array.Resize(ref _pieces, Math.Max(2, _pieceCount * 2));
        _pieces[_pieceCount++] = piece;
    }

    /// <summary>
    /// Takes the last piece back, the open run being empty: a run is open again, shared bytes are dropped or cut by
    /// themselves. Returns how many bytes are left to drop.
    /// </summary>
    private long ReopenLastPiece(long drop)
    {
        ref OutputPiece last = ref _pieces[_pieceCount - 1];
        if (last.IsShared)
        {
            int cut = (int)Math.Min(drop, last.Bytes.Length);
            last.Bytes = last.Bytes[..^cut];
            _closedBytes -= cut;
            if (!last.Bytes.IsEmpty) return drop - cut;
            last.Free();
            _pieceCount--;
            return drop - cut;
        }
        MemoryMarshal.TryGetArray(last.Bytes, out ArraySegment<byte> run);
        if (run.Array != _chunk)
        {
            if (_chunk.Length > 0) OutputChunks.Return(_chunk);
            _chunk = run.Array!;
        }
        _begin = run.Offset;
        _at = run.Offset + run.Count;
        _openTicket = last.Ticket;
        _closedBytes -= run.Count;
        _pieceCount--;
        return drop;
    }
}
