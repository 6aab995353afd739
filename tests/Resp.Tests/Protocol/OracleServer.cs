using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Galley.Resp.Tests.Protocol;

/// <summary>A redis-server of the tests' own, on a Unix socket in a folder of its own.</summary>
public sealed class OracleServer : IDisposable
{
    private const int TimeoutMs = 10_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("galley-oracle-").FullName;
    private readonly Process? _server;

    public OracleServer()
    {
        try
        {
            _server = Process.Start(new ProcessStartInfo("redis-server",
                ["--port", "0", "--unixsocket", SocketPath, "--save", "", "--dir", _folder]) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("REQUIRE_ORACLE") != "1")
        {
            // Each test says that it is skipped.
        }
    }

    private string SocketPath => Path.Combine(_folder, "redis.sock");

    /// <summary>Sends inline commands or raw bytes, one for each character, and returns so many lines of reply.</summary>
    public string[] Ask(string commands, int lines)
    {
        Assert.SkipWhen(_server is null, "redis-server is not installed");
        using Socket socket = Connect();
        socket.ReceiveTimeout = TimeoutMs;
        using var stream = new NetworkStream(socket);
        Task sending = stream.WriteAsync(Encoding.Latin1.GetBytes(commands)).AsTask();
        using var replies = new StreamReader(stream, Encoding.Latin1);
        var read = new string[lines];
        for (int i = 0; i < lines; i++) read[i] = replies.ReadLine() ?? throw new IOException("redis-server closed the connection");
        Assert.True(sending.Wait(TimeoutMs));
        return read;
    }

    public void Dispose()
    {
        _server?.Kill();
        _server?.WaitForExit();
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The server may be still on its way to listening.</summary>
    private Socket Connect()
    {
        long lastMs = Environment.TickCount64 + TimeoutMs;
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
                return socket;
            }
            catch (SocketException) when (Environment.TickCount64 < lastMs)
            {
                socket.Dispose();
                Thread.Sleep(10);
            }
        }
    }
}
