using System.Net;
using System.Net.Sockets;

namespace Galley.Conformance.Transcripts;

/// <summary>
/// Stands between a client and redis-server and spoils the replies: the proof that the comparison finds what it is there
/// to find. A harness that agrees with everything would pass every other test.
/// </summary>
public sealed class Saboteur : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly byte[] _right;
    private readonly byte[] _wrong;

    public Saboteur(int port, byte[] right, byte[] wrong)
    {
        _port = port;
        _right = right;
        _wrong = wrong;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port);
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), SpoilAsync(server, client));
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // One of the two has gone, and so does the other.
            }
        }
    }

    private async Task SpoilAsync(TcpClient server, TcpClient client)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await server.GetStream().ReadAsync(buffer) is > 0 and int read)
            await client.GetStream().WriteAsync(Spoil(buffer.AsSpan(0, read)));
    }

    private byte[] Spoil(ReadOnlySpan<byte> bytes)
    {
        int at = bytes.IndexOf(_right);
        return at < 0 ? bytes.ToArray() : [.. bytes[..at], .. _wrong, .. bytes[(at + _right.Length)..]];
    }
}
