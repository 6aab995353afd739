using System.Net;
using System.Net.Sockets;
using System.Text;
using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

/// <summary>A transport of the wanted kind with the toy behind it, on a port that the system chose.</summary>
internal sealed class ToyServer : IAsyncDisposable
{
    public ToyServer(TransportKind kind, ToyHandler? handler = null, Func<TransportOptions, TransportOptions>? change = null)
    {
        Handler = handler ?? new ToyHandler();
        var options = new TransportOptions { Endpoints = [new IPEndPoint(IPAddress.Loopback, 0)], Kind = kind };
        Transport = Transports.Create(change?.Invoke(options) ?? options, Handler);
        Transport.Start();
    }

    public ToyHandler Handler { get; }

    public ITransport Transport { get; }

    public ToyClient Connect() => new(new TcpClient(AddressFamily.InterNetwork), Transport.Endpoints[0]);

    public ValueTask DisposeAsync() => Transport.DisposeAsync();

    /// <summary>Waits until something is so; fails after ten seconds.</summary>
    public static async Task Until(Func<bool> isSo)
    {
        bool wasSo = isSo();
        for (int i = 0; i < 1000 && !wasSo; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            wasSo = isSo();
        }
        Assert.True(wasSo);
    }
}

/// <summary>A blocking client that sends text and expects text; Latin-1, so that a character is a byte.</summary>
internal sealed class ToyClient : IDisposable
{
    private const int TimeoutMs = 20_000;

    private readonly Socket _socket;

    public ToyClient(TcpClient client, IPEndPoint endpoint)
    {
        _socket = client.Client;
        _socket.NoDelay = true;
        _socket.Connect(endpoint);
        _socket.ReceiveTimeout = TimeoutMs;
    }

    public ToyClient(string path)
    {
        _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _socket.ReceiveTimeout = TimeoutMs;
    }

    public string LocalAddress => _socket.LocalEndPoint!.ToString()!;

    public bool HasInput => _socket.Available > 0;

    public void Send(string text) => SendAll(Encoding.Latin1.GetBytes(text));

    public void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>False if the server has closed the connection.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            SendAll(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset, as a process that dies with unread input does.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Expect(string text) => Assert.Equal(text, Encoding.Latin1.GetString(Receive(text.Length)));

    public void ExpectEnd(bool skipsInput = false)
    {
        try
        {
            while (_socket.Receive(new byte[1]) > 0) Assert.True(skipsInput);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // As good an end as any.
        }
    }

    public void ExpectNothing(int timeoutMs = 150) => Assert.False(_socket.Poll(timeoutMs * 1000, SelectMode.SelectRead));

    /// <summary>Up to the end of a line, which is left out.</summary>
    public string ReceiveLine()
    {
        var line = new StringBuilder();
        while (line.Length < 2 || line[^1] != '\n') line.Append((char)Receive(1)[0]);
        return line.ToString(0, line.Length - 2);
    }

    public byte[] Receive(int count)
    {
        var bytes = new byte[count];
        ReceiveInto(bytes);
        return bytes;
    }

    public void ReceiveInto(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int received = _socket.Receive(bytes);
            Assert.True(received > 0, "the server closed the connection");
            bytes = bytes[received..];
        }
    }

    public void Dispose() => _socket.Dispose();
}
