using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

/// <summary>A WebSocket on a bare connection, for frames that no library sends; it answers nothing by itself.</summary>
internal sealed class RawSocket(TcpClient client) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public TcpClient Client { get; } = client;

    /// <summary>Shakes hands, and takes the hello.</summary>
    /// <param name="receiveBufferBytes">What the system takes for a client that does not read.</param>
    public static async Task<RawSocket> OpenAsync(SocketServer server, int receiveBufferBytes = 64 * 1024)
    {
        var socket = new RawSocket(new TcpClient { ReceiveBufferSize = receiveBufferBytes });
        await socket.Client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await socket.Client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await socket.ReadAsync(1))[0]);
        Assert.StartsWith("HTTP/1.1 101 ", head.ToString());
        Assert.Equal(0x81, (await socket.ReadFrameAsync())[0]);
        return socket;
    }

    /// <param name="hex">Bytes of frames, with spaces.</param>
    public ValueTask SendAsync(string hex) => Client.GetStream().WriteAsync(Bytes(hex));

    public ValueTask SendTextAsync(string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        Assert.True(payload.Length < 126);
        return Client.GetStream().WriteAsync((byte[])[0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]);
    }

    /// <summary>The text of the next frame; of a close, its code; "cut" where the connection ended without one.</summary>
    public async Task<string> ReceiveAsync()
    {
        byte[] frame;
        try
        {
            frame = await ReadFrameAsync();
        }
        catch (IOException)
        {
            return "cut";
        }
        if (frame[0] == 0x88) return $"close {(frame[2] << 8) | frame[3]}";
        return Encoding.UTF8.GetString(frame.AsSpan(frame[1] < 126 ? 2 : 4));
    }

    /// <summary>The next frame, with its head; it has no more than 64 KiB.</summary>
    public async Task<byte[]> ReadFrameAsync()
    {
        byte[] head = await ReadAsync(2);
        int length = head[1];
        Assert.True(length < 127);
        if (length == 126)
        {
            byte[] extended = await ReadAsync(2);
            return [.. head, .. extended, .. await ReadAsync((extended[0] << 8) | extended[1])];
        }
        return [.. head, .. await ReadAsync(length)];
    }

    /// <summary>The connection has ended, and nothing more came.</summary>
    public async Task<bool> IsAtEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await Client.GetStream().ReadAsync(new byte[1], patience.Token) == 0;
    }

    public void Dispose() => Client.Dispose();

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private async Task<byte[]> ReadAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        await Client.GetStream().ReadExactlyAsync(bytes, patience.Token);
        return bytes;
    }
}
