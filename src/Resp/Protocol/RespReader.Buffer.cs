using System.Buffers;
using System.Diagnostics;

namespace Galley.Resp.Protocol;

/// <summary>
/// The input buffer: one array, from the pool while something is pending and given back when not, so that a
/// connection at rest holds nothing. It grows for a command that is larger, in one step to what a length line
/// announces, up to 1 MiB; from there by doubling as bytes arrive, since an announcement costs its sender nothing.
/// <para>
/// A transport may lend a part of a buffer of its own instead (<see cref="Lend"/>): most of what comes is a whole command, and gone
/// when its turn is over. Only what is pending then is copied.
/// </para>
/// </summary>
public sealed partial class RespReader
{
    internal const int InputBytes = 16 * 1024;

    /// <summary>Arrays up to here come from the pool, whose sizes are powers of two; a larger one is made to measure.</summary>
    internal const int PooledBytesMax = 1024 * 1024;

    // What is taken over of a lent buffer gets at least this.
    private const int KeptBytesMin = 512;

    // A buffer that grew a little is kept while the client goes on; one that grew more is changed for a normal one.
    private const int RoomyBytes = 4 * InputBytes;

    // Less room than this is not worth a call to the kernel if moving the pending bytes makes more.
    private const int RoomBytesMin = 1024;

    private const int RoundingShare = 8;

    // An argument and what stands before it in its command must fit one array.
    private const int BulkBytesHeldMax = int.MaxValue - 16 * 1024 * 1024;

    private byte[] _buffer = [];
    private bool _isLent;
    private int _lentAt;
    private int _start;
    private int _at;
    private int _end;

    /// <summary>The buffer's size now; 0 at rest.</summary>
    public int BufferBytes => _isLent ? InputBytes : _buffer.Length;

    /// <summary>Bytes of the buffer that hold input: what is pending, and before it what has run since there was last room.</summary>
    public int FilledBytes => _isLent ? _end - _lentAt : _end;

    /// <summary>It has a buffer: what comes next must follow what is in it.</summary>
    internal bool HoldsBuffer => _buffer.Length > 0;

    /// <summary>Room for at least one byte of input; follow with <see cref="Received"/>.</summary>
    public Span<byte> GetInput()
    {
        MakeRoom();
        return _buffer.AsSpan(_end);
    }

    /// <summary>The same, for transports that receive asynchronously.</summary>
    public Memory<byte> GetInputMemory()
    {
        MakeRoom();
        return _buffer.AsMemory(_end);
    }

    /// <summary>All that was ever received.</summary>
    public long ReceivedBytes { get; private set; }

    public void Received(int count)
    {
        Debug.Assert(count >= 0 && count <= _buffer.Length - _end);
        _end += count;
        ReceivedBytes += count;
    }

    /// <summary>
    /// Takes input where it lies, in a buffer of the transport's that does not change before <see cref="Release"/> or
    /// <see cref="Drop"/>. Only while the reader holds none.
    /// </summary>
    internal void Lend(byte[] buffer, int start, int count)
    {
        Debug.Assert(!HoldsBuffer);
        _buffer = buffer;
        _isLent = true;
        _start = _at = _searched = _lentAt = start;
        _end = start + count;
        ReceivedBytes += count;
    }

    /// <summary>Appends input that came some other way.</summary>
    public void Append(ReadOnlySpan<byte> input)
    {
        while (!input.IsEmpty)
        {
            Span<byte> room = GetInput();
            int count = Math.Min(room.Length, input.Length);
            input[..count].CopyTo(room);
            Received(count);
            input = input[count..];
        }
    }

    /// <summary>
    /// Gives the input buffer back if nothing is pending. The beginning of a command in a lent one is taken over, into little more than
    /// that command needs: who sends no more of it is not to hold more.
    /// </summary>
    public void Release()
    {
        if (_start == _end) Drop();
        else if (_isLent) MoveTo(Math.Max(KeptBytesMin, SizeFor(_end - _start, NeededBytes, NeededBytes)));
    }

    /// <summary>Takes over what is pending in a lent buffer: whole commands, which more will follow.</summary>
    internal void Keep()
    {
        if (_isLent) MakeRoom();
    }

    /// <summary>The bytes of the command being read that have come, and those that its present argument is known to lack.</summary>
    private long NeededBytes => _end - _start + MissingBytes;

    private long MissingBytes => _bulkBytes < 0 ? 1 : Math.Max(1, (long)_bulkBytes + 2 - (_end - _at));

    /// <summary>Gives the buffer back, whatever is pending; for a connection that has ended.</summary>
    internal void Drop()
    {
        ReturnBuffer();
        _buffer = [];
        _isLent = false;
        _start = _at = _end = _searched = 0;
        _missing = 0;
        _bulkBytes = -1;
        if (_slices.Length > SlicesKeptMax) _slices = [];
    }

    private void MakeRoom()
    {
        if (_start == _end && _buffer.Length is > 0 and <= RoomyBytes && !_isLent)
        {
            _start = _at = _end = _searched = 0;
            return;
        }
        int pending = _end - _start;
        int room = _isLent ? 0 : _buffer.Length - _end;
        long missing = MissingBytes;
        long wanted = pending + missing <= PooledBytesMax ? missing : 1;

        bool isTooLarge = _buffer.Length > RoomyBytes && pending + missing <= InputBytes;
        if (!isTooLarge && room >= wanted && (_start == 0 || room >= RoomBytesMin)) return;
        if (!isTooLarge && !_isLent && _start > 0 && room + _start >= wanted) MoveTo(_buffer.Length);
        else MoveTo(SizeFor(pending, pending + missing, InputBytes));
    }

    /// <param name="pending">Bytes that have come.</param>
    /// <param name="needed">Bytes that are known to be needed.</param>
    /// <param name="small">The size of a buffer where few are needed.</param>
    private static int SizeFor(int pending, long needed, long small)
    {
        if (needed <= InputBytes) return (int)small;
        if (needed <= PooledBytesMax) return (int)Math.Max(needed, Math.Min(2L * pending, PooledBytesMax));
        long doubled = Math.Max(2L * pending, PooledBytesMax);
        // Values are often of a round size: the few bytes around them are not to cost one more buffer, and a copy of all that has come.
        doubled += doubled / RoundingShare;
        // Without a length line to go by, what is needed is one byte more, and doubling is all there is.
        return (int)Math.Min(needed > pending + 1L ? Math.Min(doubled, needed) : doubled, Array.MaxLength);
    }

    /// <summary>Moves what is pending to the front of a buffer of at least <paramref name="size"/> bytes, this one or a new one.</summary>
    private void MoveTo(int size)
    {
        int pending = _end - _start;
        byte[] target = _buffer;
        if (_isLent || _buffer.Length < size || (_buffer.Length > RoomyBytes && size == InputBytes))
            target = size <= PooledBytesMax ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
        _buffer.AsSpan(_start, pending).CopyTo(target);
        if (target != _buffer) ReturnBuffer();
        _buffer = target;
        _isLent = false;

        if (_missing > 0)
        {
            for (int i = 0; i < _count; i++) _slices[i] = new ArgumentSlice(_slices[i].Offset - _start, _slices[i].Length);
        }
        _at -= _start;
        _searched = Math.Max(0, _searched - _start);
        _end = pending;
        _start = 0;
    }

    private void ReturnBuffer()
    {
        if (!_isLent && _buffer.Length is > 0 and <= PooledBytesMax) ArrayPool<byte>.Shared.Return(_buffer);
    }
}
