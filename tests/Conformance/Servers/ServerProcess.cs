using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Servers;

/// <summary>
/// A server as a process of its own: a free port, a folder of its own, ended by its process id. The folder goes with it,
/// unless it is to be started again on what it left there.
/// </summary>
public sealed class ServerProcess : IDisposable
{
    /// <summary>Generous, since many may start at once on a machine that does other work; who has ended is not waited for.</summary>
    private const int StartLimitMs = 300_000;
    private const int LogLinesMax = 200;

    /// <summary>What StartRedisOn and StartGalleyOn are given lies in their folders under this name.</summary>
    public const string ConfigurationFile = "server.conf";

    private readonly Queue<string> _log = new();
    private readonly string _program;
    private readonly string[] _arguments;
    private Process _process;

    private ServerProcess(string name, string program, int port, int httpPort, string directory, string[] arguments)
    {
        Name = name;
        Port = port;
        HttpPort = httpPort;
        Directory = directory;
        _program = program;
        _arguments = arguments;
        _process = Launch();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    public string Name { get; }

    public int Port { get; }

    public int HttpPort { get; }

    public string Directory { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Log
    {
        get
        {
            lock (_log) return string.Join('\n', _log);
        }
    }

    public static ServerProcess StartRedis(params string[] more)
    {
        string directory = NewDirectory();
        int port = FreePort();
        return new ServerProcess("redis", Oracle.RedisServer!, port, 0, directory,
            [.. RedisArguments(port, directory), .. more]).Ready();
    }

    /// <summary>Starts Galley, or what stands in for it: GALLEY_SERVER may name redis-server to try the tests themselves.</summary>
    public static ServerProcess StartGalley(params string[] more)
    {
        string directory = NewDirectory();
        int port = FreePort();
        return Executables.IsStandIn
            ? new ServerProcess("stand-in", Executables.Galley, port, 0, directory, RedisArguments(port, directory)).Ready()
            : new ServerProcess("galley", Executables.Galley, port, 0, directory, GalleyArguments(port, 0, directory, more)).Ready();
    }

    /// <summary>Starts Galley with its HTTP door open, and waits for that too unless the time of RESP alone matters.</summary>
    public static ServerProcess StartGalleyWithHttp(bool isAwaited, params string[] more)
    {
        string directory = NewDirectory();
        int port = FreePort();
        int httpPort = FreePort();
        ServerProcess server = new ServerProcess(
            "galley", Executables.Galley, port, httpPort, directory, GalleyArguments(port, httpPort, directory, more)).Ready();
        if (isAwaited) server.AwaitHttp();
        return server;
    }

    /// <summary>Starts redis-server on a configuration file of this text, in its folder, with its port after it.</summary>
    public static ServerProcess StartRedisOn(string configuration, params string[] more) =>
        StartOn("redis", Oracle.RedisServer!, configuration, more);

    /// <summary>Starts Galley on a configuration file of this text, in its folder, with its port after it and HTTP shut.</summary>
    public static ServerProcess StartGalleyOn(string configuration, params string[] more) =>
        StartOn("galley", Executables.Galley, configuration, Executables.IsStandIn ? more : ["--http-port", "0", .. more]);

    private static ServerProcess StartOn(string name, string program, string configuration, string[] more)
    {
        string directory = NewDirectory();
        int port = FreePort();
        string file = Path.Combine(directory, ConfigurationFile);
        File.WriteAllBytes(file, System.Text.Encoding.Latin1.GetBytes(configuration));
        string[] arguments = [file, "--port", port.ToString(CultureInfo.InvariantCulture), .. more];
        return new ServerProcess(name, program, port, 0, directory, arguments).Ready();
    }

    public RespConnection Connect(int timeoutMs = 60_000) => new(Port, timeoutMs);

    public long ResidentBytes()
    {
        string line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>kill -9: no handler of the process gets a turn.</summary>
    public void Kill()
    {
        try
        {
            if (_process.HasExited) return;
            _process.Kill();
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It had ended by itself between the question and the blow.
        }
    }

    /// <summary>Starts again on the same folder and port.</summary>
    public void Restart()
    {
        Kill();
        _process = Launch();
        Ready();
        if (HttpPort != 0) AwaitHttp();
    }

    /// <summary>Starts again on the same folder and port, and returns as soon as the door is open.</summary>
    public void RestartLoading()
    {
        Kill();
        lock (_log) _log.Clear();
        _process = Launch();
        Ready(static _ => true);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        try
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
        catch (IOException)
        {
            // A folder in /tmp that stays behind is no reason to fail a test.
        }
    }

    private static string[] RedisArguments(int port, string directory) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture), "--save", "", "--appendonly", "no", "--dir", directory,
        "--enable-debug-command", "yes",
    ];

    private static string[] GalleyArguments(int port, int httpPort, string directory, string[] more) =>
    [
        .. RedisArguments(port, directory), "--http-port", httpPort.ToString(CultureInfo.InvariantCulture), .. more,
    ];

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("galley-test-").FullName;

    private Process Launch()
    {
        var start = new ProcessStartInfo(_program)
        {
            WorkingDirectory = Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in _arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is null) return;
        lock (_log)
        {
            _log.Enqueue(e.Data);
            if (_log.Count > LogLinesMax) _log.Dequeue();
        }
    }

    /// <summary>Returns when the HTTP door is open.</summary>
    public void AwaitHttp()
    {
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < StartLimitMs && !_process.HasExited)
        {
            try
            {
                using var door = new TcpClient("127.0.0.1", HttpPort);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(10);
            }
        }
        throw new InvalidOperationException($"{Name} did not open its HTTP door\n{Log}");
    }

    private ServerProcess Ready() =>
        Ready(static reply => reply.Text is "PONG" || reply.Text.StartsWith("NOAUTH", StringComparison.Ordinal));

    private ServerProcess Ready(Func<Reply, bool> isReady)
    {
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < StartLimitMs)
        {
            if (_process.HasExited) break;
            try
            {
                using var connection = new RespConnection(Port);
                Reply reply = connection.Ask("PING");
                if (isReady(reply)) return this;
            }
            catch (SocketException)
            {
                // Not listening yet.
            }
            Thread.Sleep(5);
        }
        Kill();
        throw new InvalidOperationException($"{Name} did not start: {_program} {string.Join(' ', _arguments)}\n{Log}");
    }
}
