using System.Net;
using System.Net.Sockets;

namespace Galley.Conformance.Wire;

/// <summary>A client that adds nothing: bytes out, whole replies in.</summary>
public sealed class RespConnection : IDisposable
{
    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _at;
    private int _filled;

    /// <param name="timeoutMs">How long a reply is waited for: long enough for a busy machine, since one that was given up would be
    /// taken for the reply of the next command.</param>
    public RespConnection(int port, int timeoutMs = 60_000)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = timeoutMs,
            SendTimeout = timeoutMs,
        };
        _socket.Connect(IPAddress.Loopback, port);
    }

    public int BytesUnread => _filled - _at + _socket.Available;

    /// <summary>False when the peer has already gone: what it said before is still to be read.</summary>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[_socket.Send(bytes)..];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next reply, or what stood in its place: <c>(no reply)</c>, <c>(closed)</c>.</summary>
    public Reply Read()
    {
        while (true)
        {
            if (_filled > _at && Reply.TryParse(_buffer.AsSpan(_at, _filled - _at), out Reply reply, out int length))
            {
                _at += length;
                return reply;
            }
            MakeRoom();
            try
            {
                int received = _socket.Receive(_buffer.AsSpan(_filled));
                if (received == 0) return Reply.Missing("(closed)");
                _filled += received;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                return Reply.Missing("(no reply)");
            }
            catch (SocketException)
            {
                return Reply.Missing("(closed)");
            }
        }
    }

    private void MakeRoom()
    {
        if (_at > 0)
        {
            _buffer.AsSpan(_at, _filled - _at).CopyTo(_buffer);
            _filled -= _at;
            _at = 0;
        }
        if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    public Reply Ask(params string[] words)
    {
        Send(CommandLine.Encode(words));
        return Read();
    }

    public Reply Ask(IReadOnlyList<byte[]> words)
    {
        Send(CommandLine.Encode(words));
        return Read();
    }

    /// <summary>Sends one command line in redis-cli's quoting.</summary>
    public Reply AskLine(string line) => Ask(CommandLine.Split(line));

    public void Dispose() => _socket.Dispose();
}
