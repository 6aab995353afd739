using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Galley.LoadTests;

/// <summary>
/// A WebSocket of the load generator, on a bare socket: ten thousand of them must cost the generator little. It knows
/// frames of up to 64 KiB, which is all that the scenarios send and receive.
/// </summary>
public sealed class RawWebSocket : IDisposable
{
    /// <summary>Sockets from one address: well under the ports that Linux gives out for it.</summary>
    private const int PerAddress = 20_000;

    private const int Ping = 9;
    private const int Pong = 10;
    private const int Close = 8;

    private readonly byte[] _buffer;
    private int _begin;
    private int _end;

    private RawWebSocket(Socket socket, int bufferBytes)
    {
        Socket = socket;
        _buffer = new byte[bufferBytes];
    }

    public Socket Socket { get; }

    /// <param name="index">Counts the sockets: each twenty thousand come from another address of this machine.</param>
    public static RawWebSocket Open(int port, int index, int bufferBytes = 512)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (index / PerAddress))]), 0));
        socket.Connect(IPAddress.Loopback, port);
        var opened = new RawWebSocket(socket, bufferBytes);
        socket.Send(Encoding.ASCII.GetBytes("GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: galley.v1.json\r\n\r\n"));
        opened.SkipHead();
        return opened;
    }

    /// <summary>Sends a text frame under a mask of zeros.</summary>
    public void Send(string text) => SendFrame(1, Encoding.UTF8.GetBytes(text));

    /// <summary>Waits for the next text frame, and answers pings meanwhile; the bytes are good until the next call.</summary>
    public ReadOnlySpan<byte> Receive()
    {
        while (true)
        {
            if (TryTake(out ReadOnlySpan<byte> text)) return text;
            Fill(Socket.Receive(Free()));
        }
    }

    /// <summary>As <see cref="Receive"/>; the bytes are good until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken end)
    {
        while (true)
        {
            if (TryTake(out ReadOnlySpan<byte> text)) return _buffer.AsMemory(_begin - text.Length, text.Length);
            Compact();
            Fill(await Socket.ReceiveAsync(_buffer.AsMemory(_end), end));
        }
    }

    /// <summary>Answers the pings that have come; nothing else is expected.</summary>
    public void AnswerPings()
    {
        while (Socket.Available > 0)
        {
            Fill(Socket.Receive(Free()));
            TryTake(out _);
        }
    }

    public void Dispose() => Socket.Dispose();

    private void SkipHead()
    {
        while (true)
        {
            int end = _buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                if (!_buffer.AsSpan().StartsWith("HTTP/1.1 101"u8))
                    throw new InvalidOperationException(Encoding.ASCII.GetString(_buffer, 0, _end));
                _begin = end + 4;
                return;
            }
            Fill(Socket.Receive(Free()));
        }
    }

    private Span<byte> Free()
    {
        Compact();
        return _buffer.AsSpan(_end);
    }

    private void Compact()
    {
        _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
        _end -= _begin;
        _begin = 0;
    }

    private void Fill(int received)
    {
        if (received == 0) throw new IOException("the server closed the connection");
        _end += received;
    }

    private bool TryTake(out ReadOnlySpan<byte> text)
    {
        text = default;
        while (_end - _begin >= 2)
        {
            int head = 2;
            int length = _buffer[_begin + 1];
            if (length == 126)
            {
                if (_end - _begin < 4) return false;
                length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_begin + 2));
                head = 4;
            }
            if (_end - _begin < head + length) return false;
            int opcode = _buffer[_begin] & 0xf;
            ReadOnlySpan<byte> payload = _buffer.AsSpan(_begin + head, length);
            _begin += head + length;
            if (opcode == Close) throw new IOException($"closed with {BinaryPrimitives.ReadUInt16BigEndian(payload)}");
            if (opcode == Ping)
            {
                SendFrame(Pong, payload);
                continue;
            }
            text = payload;
            return true;
        }
        return false;
    }

    private void SendFrame(int opcode, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[8 + payload.Length];
        frame[0] = (byte)(0x80 | opcode);
        bool isShort = payload.Length < 126;
        frame[1] = (byte)(0x80 | (isShort ? payload.Length : 126));
        if (!isShort) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        int head = isShort ? 6 : 8;
        payload.CopyTo(frame.AsSpan(head));
        Socket.Send(frame.AsSpan(0, head + payload.Length));
    }
}
