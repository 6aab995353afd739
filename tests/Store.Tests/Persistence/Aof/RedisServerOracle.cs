using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>
/// A real redis-server on a folder of the test's own. Missing, the test is skipped; with REQUIRE_ORACLE=1 it fails.
/// </summary>
internal sealed class RedisServerOracle : IDisposable
{
    private const int StartMsMax = 10_000;

    private readonly Process _process;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Starts it on a Unix socket in its directory, so that no port is needed.</summary>
    public RedisServerOracle(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, RedirectStandardError = true };
        string path = Path.Combine(directory, "socket");
        // Always: under everysec it may answer before it has written, while a flush is on its way.
        foreach (string argument in (string[])["--port", "0", "--appendfsync", "always", "--unixsocket", path, "--dir", directory, "--save", "", .. arguments])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Log += line.Data + "\n";
        _process.BeginOutputReadLine();
        Connect(path);
    }

    public string Log { get; private set; } = "";

    public static void Demand()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (folders.Any(static folder => File.Exists(Path.Combine(folder, "redis-server")))) return;
        const string Reason = "redis-server is not installed";
        if (Environment.GetEnvironmentVariable("REQUIRE_ORACLE") == "1") Assert.Fail(Reason);
        Assert.Skip(Reason);
    }

    /// <summary>Sends a command and returns its reply as text; enough for replies that come in one piece.</summary>
    public string Send(params string[] words)
    {
        _socket.Send(Commands.Of(words));
        var reply = new byte[1 << 20];
        int length = _socket.Receive(reply);
        return Encoding.Latin1.GetString(reply, 0, length);
    }

    /// <summary>Waits until a line of INFO persistence has a value.</summary>
    public void Await(string field, string value)
    {
        for (int i = 0; i < 500; i++)
        {
            if (Send("INFO", "persistence").Contains($"{field}:{value}\r\n", StringComparison.Ordinal)) return;
            Thread.Sleep(10);
        }
        Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{field} never became {value}: {Log}"));
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Connect(string path)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                _socket.Connect(new UnixDomainSocketEndPoint(path));
                while (Send("PING") is var reply && reply.StartsWith("-LOADING", StringComparison.Ordinal)) Thread.Sleep(10);
                return;
            }
            catch (SocketException) when (clock.ElapsedMilliseconds < StartMsMax && !_process.HasExited)
            {
                Thread.Sleep(10);
            }
            catch (SocketException)
            {
                Dispose();
                Assert.Fail("redis-server did not start: " + Log);
            }
        }
    }
}
