using System.Net;
using System.Net.Sockets;

namespace Galley.LoadTests;

/// <summary>Many sockets at once, each bound to one of a hundred loopback addresses, so that there are ports enough.</summary>
public sealed class Crowd(int port) : IDisposable
{
    private const int SourceAddresses = 100;

    /// <summary>What the kernel still has to deliver has come by then.</summary>
    private const int DrainPauseMs = 20;

    private readonly List<Socket> _sockets = [];
    private readonly byte[] _received = new byte[64 * 1024];
    private int _made;

    public int Count => _sockets.Count;

    /// <summary>Another client, not part of the crowd.</summary>
    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        // 127.0.0.2 and those after it.
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + _made++ % SourceAddresses)]), 0));
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    /// <summary>Lets so many come, and has each send something; what is replied is read by nobody.</summary>
    public void Add(int count, ReadOnlySpan<byte> first)
    {
        for (int i = 0; i < count; i++)
        {
            Socket socket = Connect();
            _sockets.Add(socket);
            Send(socket, first);
        }
    }

    /// <summary>Lets so many come, and each wait for the reply to a PING.</summary>
    public void AddServed(int count)
    {
        byte[] ping = RespClient.Encode("PING");
        for (int i = 0; i < count; i++)
        {
            Socket socket = Connect();
            _sockets.Add(socket);
            socket.Send(ping);
            if (socket.Receive(_received) == 0) throw new IOException($"connection {i} was closed before it was served");
        }
    }

    /// <summary>How many of them the server has closed; what it said before is thrown away, which takes a while where it is much.</summary>
    public int CountClosed()
    {
        var open = new List<Socket>(_sockets);
        for (bool hasMore = true; hasMore; Thread.Sleep(DrainPauseMs))
        {
            hasMore = false;
            open.RemoveAll(socket => IsClosed(socket, ref hasMore));
        }
        return _sockets.Count - open.Count;
    }

    /// <summary>All leave; with a reset, as from a process that was killed, or in good order.</summary>
    public void Leave(bool byReset)
    {
        foreach (Socket socket in _sockets) Close(socket, byReset);
        _sockets.Clear();
    }

    public static void Close(Socket socket, bool byReset)
    {
        if (byReset) socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => Leave(byReset: true);

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[socket.Send(bytes)..];
        }
        catch (SocketException)
        {
            // The server has had enough of it.
        }
    }

    private bool IsClosed(Socket socket, ref bool hasMore)
    {
        try
        {
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                if (socket.Receive(_received) == 0) return true;
                hasMore = true;
            }
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
