using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Galley.LoadTests;

/// <summary>One server as a process on a port and in a folder of its own, ended by its process id.</summary>
public sealed class Server : IDisposable
{
    private const int StartLimitMs = 30_000;
    private readonly string _directory = Directory.CreateTempSubdirectory("galley-load-").FullName;
    private readonly Child _process;

    public Server(string name, string[] command, bool isDurable = false, bool isServingHttp = false, params string[] more)
    {
        Name = name;
        Port = FreePort();
        HttpPort = isServingHttp ? FreePort() : 0;
        string port = Text(Port);
        string[] arguments = name == "garnet"
            ? ["--port", port, "--bind", "127.0.0.1", "-m", "4g", "-i", "128m", .. isDurable ? (string[])["--aof"] : []]
            : ["--port", port, "--save", "", "--appendonly", isDurable ? "yes" : "no", "--dir", _directory,
                .. name == Servers.Ours ? (string[])["--http-port", Text(HttpPort)] : [], .. more];
        var start = new ProcessStartInfo(command[0]) { WorkingDirectory = _directory };
        foreach (string argument in command[1..].Concat(arguments)) start.ArgumentList.Add(argument);
        _process = new Child(name, start);
        _process.Await(IsReady, StartLimitMs);
    }

    public string Name { get; }

    public int Port { get; }

    public int HttpPort { get; }

    /// <summary>User and system time of the process so far.</summary>
    public double ProcessorSeconds => _process.ProcessorSeconds;

    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    public RespClient Connect() => new(Port);

    /// <summary>A figure from INFO, or null where the server does not give it.</summary>
    public long? InfoNumber(string field)
    {
        using RespClient client = Connect();
        string? line = client.AskText("INFO", "all").Concat(client.AskText("INFO", "galley"))
            .FirstOrDefault(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.AsSpan(field.Length + 1), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private bool IsReady()
    {
        using RespClient client = Connect();
        if (client.AskText("PING")[0] != "+PONG") return false;
        using (HttpPort == 0 ? null : new TcpClient("127.0.0.1", HttpPort)) return true;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
