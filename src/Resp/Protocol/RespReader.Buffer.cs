using System.Buffers;
using System.Diagnostics;

namespace Galley.Resp.Protocol;

/// <summary>
/// The input buffer: one array, from the pool while something is pending and given back when not, so that a
/// connection at rest holds nothing. It grows for a command that is larger, in one step to what a length line
/// announces, up to 1 MiB; from there by doubling as bytes arrive, since an announcement costs its sender nothing.
/// </summary>
public sealed partial class RespReader
{
    internal const int InputBytes = 16 * 1024;

    /// <summary>Arrays up to here come from the pool, whose sizes are powers of two; a larger one is made to measure.</summary>
    internal const int PooledBytesMax = 1024 * 1024;

    // A buffer that grew a little is kept while the client goes on; one that grew more is changed for a normal one.
    private const int RoomyBytes = 4 * InputBytes;

    // Less room than this is not worth a call to the kernel if moving the pending bytes makes more.
    private const int RoomBytesMin = 1024;

    // An argument and what stands before it in its command must fit one array.
    private const int BulkBytesHeldMax = int.MaxValue - 16 * 1024 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _at;
    private int _end;

    /// <summary>The buffer's size now; 0 at rest.</summary>
    public int BufferBytes => _buffer.Length;

    /// <summary>Bytes of the buffer that hold input: what is pending, and before it what has run since there was last room.</summary>
    public int FilledBytes => _end;

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

    public void Received(int count)
    {
        Debug.Assert(count >= 0 && count <= _buffer.Length - _end);
        _end += count;
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

    /// <summary>Gives the input buffer back to the pool if nothing is pending.</summary>
    public void Release()
    {
        if (_start != _end) return;
        Drop();
    }

    /// <summary>Gives the buffer back, whatever is pending; for a connection that has ended.</summary>
    internal void Drop()
    {
        ReturnBuffer();
        _buffer = [];
        _start = _at = _end = _searched = 0;
        _missing = 0;
        _bulkBytes = -1;
        if (_slices.Length > SlicesKeptMax) _slices = [];
    }

    private void MakeRoom()
    {
        if (_start == _end && _buffer.Length is > 0 and <= RoomyBytes)
        {
            _start = _at = _end = _searched = 0;
            return;
        }
        int pending = _end - _start;
        int room = _buffer.Length - _end;
        long missing = _bulkBytes < 0 ? 1 : Math.Max(1, (long)_bulkBytes + 2 - (_end - _at));
        long wanted = pending + missing <= PooledBytesMax ? missing : 1;

        bool isTooLarge = _buffer.Length > RoomyBytes && pending + missing <= InputBytes;
        if (!isTooLarge && room >= wanted && (_start == 0 || room >= RoomBytesMin)) return;
        if (!isTooLarge && _start > 0 && room + _start >= wanted) MoveTo(_buffer.Length);
        else MoveTo(SizeFor(pending, pending + missing));
    }

    private static int SizeFor(int pending, long needed)
    {
        if (needed <= InputBytes) return InputBytes;
        if (needed <= PooledBytesMax) return (int)Math.Max(needed, Math.Min(2L * pending, PooledBytesMax));
        long doubled = Math.Max(2L * pending, PooledBytesMax);
        // Without a length line to go by, what is needed is one byte more, and doubling is all there is.
        return (int)Math.Min(needed > pending + 1L ? Math.Min(doubled, needed) : doubled, Array.MaxLength);
    }

    /// <summary>Moves what is pending to the front of a buffer of at least <paramref name="size"/> bytes, this one or a new one.</summary>
    private void MoveTo(int size)
    {
        int pending = _end - _start;
        byte[] target = _buffer;
        if (_buffer.Length < size || (_buffer.Length > RoomyBytes && size == InputBytes))
            target = size <= PooledBytesMax ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
        _buffer.AsSpan(_start, pending).CopyTo(target);
        if (target != _buffer) ReturnBuffer();
        _buffer = target;

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
        if (_buffer.Length is > 0 and <= PooledBytesMax) ArrayPool<byte>.Shared.Return(_buffer);
    }
}
