using System.Buffers;
using System.Diagnostics;

namespace Galley.Api.WebSockets;

/// <param name="Payload">Valid until the next message is read.</param>
internal readonly record struct Message(Opcode Opcode, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The peer has ended the connection without a close.</summary>
    public static Message End { get; } = new(Opcode.Continuation, default);

    public bool IsEnd => Opcode == Opcode.Continuation;
}

/// <summary>
/// Reads the messages of a client off the stream of an upgraded connection. A buffer is there only while bytes of a frame
/// are: an idle socket waits with none.
/// <code>
///   _buffer     | handed out | waiting      | free |
///                            ^_begin        ^_end
///   _message    the frames so far of a message that comes in several
/// </code>
/// </summary>
internal sealed class MessageReader(Stream stream) : IAsyncDisposable
{
    private const int BufferBytes = 4096;

    private readonly Stream _stream = stream;
    private byte[] _buffer = [];
    private int _begin;
    private int _end;
    private byte[] _message = [];
    private int _messageBytes;
    private Opcode _messageOpcode;
    private bool _isHandedOut;
    private long _frameBytes;
    private long _receivedBytes;

    /// <summary>Bytes of one message; beyond it the socket is closed.</summary>
    public int MessageBytesMax { get; set; }

    /// <summary>Counts what the peer has sent so far: it lives.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>The next message, or a close, ping or pong.</summary>
    /// <exception cref="ProtocolException">The client breaks RFC 6455, or its message is too long.</exception>
    /// <exception cref="IOException">The connection is broken.</exception>
    public async ValueTask<Message> ReadAsync()
    {
        if (_isHandedOut) ReleaseMessage();
        while (true)
        {
            if (TryTake(out Message message)) return message;
            if (_begin == _end)
            {
                ReleaseBuffer();
                // Completes when there is something to read, or at the end.
                int nothing = await _stream.ReadAsync(Memory<byte>.Empty);
                Debug.Assert(nothing == 0);
            }
            MakeRoom();
            if (!Received(await _stream.ReadAsync(_buffer.AsMemory(_end)))) return Message.End;
        }
    }

    /// <summary>Reads to the end of the connection, and drops it all.</summary>
    public async ValueTask DiscardAsync()
    {
        do
        {
            _begin = _end = 0;
            MakeRoom();
        }
        while (Received(await _stream.ReadAsync(_buffer)));
    }

    /// <summary>When nobody reads any more.</summary>
    public ValueTask DisposeAsync()
    {
        ReleaseMessage();
        ReleaseBuffer();
        return _stream.DisposeAsync();
    }

    /// <summary>Takes a whole frame off the buffer; false when there is none, or more of its message must follow.</summary>
    private bool TryTake(out Message message)
    {
        message = default;
        while (FrameHeader.TryRead(_buffer.AsSpan(_begin, _end - _begin), out FrameHeader header))
        {
            if (!header.IsControl) Admit(in header);
            _frameBytes = header.Length + header.PayloadBytes;
            if (_end - _begin < _frameBytes) return false;

            Memory<byte> payload = _buffer.AsMemory(_begin + header.Length, (int)header.PayloadBytes);
            Mask.Apply(payload.Span, header.Mask);
            _begin += (int)_frameBytes;
            _frameBytes = 0;
            if (header.IsControl || (header.IsFinal && header.Opcode != Opcode.Continuation))
            {
                message = new Message(header.Opcode, payload);
                return true;
            }
            Append(in header, payload.Span);
            if (!header.IsFinal) continue;
            _isHandedOut = true;
            message = new Message(_messageOpcode, _message.AsMemory(0, _messageBytes));
            return true;
        }
        return false;
    }

    private void Admit(in FrameHeader header)
    {
        bool isUnderWay = _messageOpcode != Opcode.Continuation;
        if (isUnderWay != (header.Opcode == Opcode.Continuation))
            throw new ProtocolException("a message begins before the one under way has ended, or goes on without having begun");
        if (header.PayloadBytes + _messageBytes > MessageBytesMax)
            throw new ProtocolException($"a message has {MessageBytesMax} bytes at most", CloseCode.FrameTooBig);
    }

    private void Append(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Opcode != Opcode.Continuation) _messageOpcode = header.Opcode;
        if (_message.Length < _messageBytes + payload.Length)
            _message = Grown(_message, 0, _messageBytes, Math.Max(_messageBytes + payload.Length, 2 * _message.Length));
        payload.CopyTo(_message.AsSpan(_messageBytes));
        _messageBytes += payload.Length;
    }

    /// <summary>Makes the buffer, or makes it larger: twice as large each time, so that a length alone, without its bytes, takes no memory.</summary>
    private void MakeRoom()
    {
        if (_end < _buffer.Length) return;
        int waiting = _end - _begin;
        int bytes = (int)Math.Min(Math.Max(_frameBytes, BufferBytes), 2L * waiting + BufferBytes);
        _buffer = Grown(_buffer, _begin, waiting, bytes);
        _begin = 0;
        _end = waiting;
    }

    private bool Received(int bytes)
    {
        _end += bytes;
        Volatile.Write(ref _receivedBytes, _receivedBytes + bytes);
        return bytes > 0;
    }

    private static byte[] Grown(byte[] bytes, int from, int count, int capacity)
    {
        byte[] grown = ArrayPool<byte>.Shared.Rent(capacity);
        bytes.AsSpan(from, count).CopyTo(grown);
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
        return grown;
    }

    private void ReleaseMessage()
    {
        if (_message.Length > 0) ArrayPool<byte>.Shared.Return(_message);
        _message = [];
        _messageBytes = 0;
        _messageOpcode = Opcode.Continuation;
        _isHandedOut = false;
    }

    private void ReleaseBuffer()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _begin = _end = 0;
    }
}
