using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Galley.LoadTests;

/// <summary>A subscriber of the load generator: it hands over the payload of each message, whatever door it came by.</summary>
public abstract class Listener : IDisposable
{
    /// <summary>Waits for the next messages, and tells of each the time that its payload begins with.</summary>
    public abstract ValueTask ReceiveAsync(Action<long> hear, CancellationToken end);

    public abstract void Dispose();

    protected static long TimeIn(ReadOnlySpan<byte> payload) =>
        Utf8Parser.TryParse(payload, out long sentAt, out _) ? sentAt : throw new InvalidOperationException("a message without a time");
}

/// <summary>By WebSocket: frames <c>message</c> of a channel, or <c>entries</c> of a stream.</summary>
public sealed class SocketListener : Listener
{
    private readonly RawWebSocket _socket;

    /// <param name="onSlow">What the server is to do when the queue overflows.</param>
    public SocketListener(Server server, int index, string onSlow, bool isStream)
    {
        _socket = RawWebSocket.Open(server.HttpPort, index, bufferBytes: 4096);
        _socket.Receive();
        _socket.Send(isStream
            ? """{"type":"stream.read","id":"s","streams":{"c":"$"},"credit":1000000}"""
            : $$"""{"type":"subscribe","id":"s","channels":["c"],"onSlow":"{{onSlow}}"}""");
        _socket.Receive();
    }

    public Socket Socket => _socket.Socket;

    public override async ValueTask ReceiveAsync(Action<long> hear, CancellationToken end)
    {
        ReadOnlyMemory<byte> frame = await _socket.ReceiveAsync(end);
        ReadOnlySpan<byte> rest = frame.Span;
        // A message has "data":"..", each of the entries in a frame "data","..".
        for (int data = rest.IndexOf("\"data\""u8); data >= 0; data = rest.IndexOf("\"data\""u8))
        {
            rest = rest[(data + 8)..];
            hear(TimeIn(rest));
        }
    }

    public override void Dispose() => _socket.Dispose();
}

/// <summary>By RESP2: <c>*3 $7 message $1 c $n payload</c>.</summary>
public sealed class RespListener : Listener
{
    /// <summary>What stands before the payload and its length.</summary>
    private static readonly byte[] Head = "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$"u8.ToArray();

    private readonly byte[] _buffer = new byte[4096];
    private int _begin;
    private int _end;

    public RespListener(Server server)
    {
        Socket.Connect(IPAddress.Loopback, server.Port);
        Socket.Send("SUBSCRIBE c\r\n"u8);
        byte[] answer = "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n"u8.ToArray();
        for (int read = 0; read < answer.Length;) read += Socket.Receive(_buffer.AsSpan(0, answer.Length - read));
    }

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public override async ValueTask ReceiveAsync(Action<long> hear, CancellationToken end)
    {
        long sentAt;
        while (!TryTake(out sentAt))
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
            int read = await Socket.ReceiveAsync(_buffer.AsMemory(_end), end);
            if (read == 0) throw new IOException("the server closed the connection");
            _end += read;
        }
        hear(sentAt);
    }

    public override void Dispose() => Socket.Dispose();

    private bool TryTake(out long sentAt)
    {
        sentAt = 0;
        ReadOnlySpan<byte> rest = _buffer.AsSpan(_begin, _end - _begin);
        if (rest.Length < Head.Length) return false;
        if (!rest.StartsWith(Head)) throw new InvalidOperationException($"no message: {Encoding.Latin1.GetString(rest)}");
        rest = rest[Head.Length..];
        int line = rest.IndexOf((byte)'\n');
        if (line < 0 || !Utf8Parser.TryParse(rest, out int length, out _) || rest.Length < line + 1 + length + 2) return false;
        sentAt = TimeIn(rest[(line + 1)..]);
        _begin += Head.Length + line + 1 + length + 2;
        return true;
    }
}
