using System.Diagnostics;
using System.Net.Sockets;
using System.Net;
using System.Text;

namespace Galley.Store.Tests.Commands.Declaration;

/// <summary>A redis-server of its own to compare with; without one its tests are skipped, or fail under REQUIRE_ORACLE=1.</summary>
public sealed class Oracle : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Process? _process;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-oracle-");
    private readonly Socket? _socket;
    private readonly Stream? _stream;
    private readonly string? _missing;

    public Oracle()
    {
        int port = FreePort();
        try
        {
            string[] arguments = ["--port", $"{port}", "--save", "", "--appendonly", "no", "--dir", _folder.FullName];
            _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            _missing = "redis-server is not installed.";
            return;
        }
        _socket = Connect(port);
        _stream = new BufferedStream(new NetworkStream(_socket));
    }

    /// <summary>Sends one command and returns its reply, in a form that <see cref="Reply.Text"/> compares.</summary>
    public Reply Call(params string[] words)
    {
        if (_missing is not null)
        {
            if (Environment.GetEnvironmentVariable("REQUIRE_ORACLE") == "1") Assert.Fail(_missing);
            Assert.Skip(_missing);
        }
        var command = new StringBuilder($"*{words.Length}\r\n");
        foreach (string word in words) command.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        _socket!.Send(Encoding.UTF8.GetBytes(command.ToString()));
        return Reply.Read(_stream!);
    }

    public void Dispose()
    {
        _socket?.Dispose();
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    private static Socket Connect(int port)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return socket;
            }
            catch (SocketException) when (waited.Elapsed < Patience)
            {
                socket.Dispose();
                Thread.Sleep(20);
            }
        }
    }
}
