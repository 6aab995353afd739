using System.Diagnostics;
using System.Net.Sockets;

namespace Galley.LoadTests;

/// <summary>webdis with a redis-server behind it, as Debian's package configures it but for its log; both ended together.</summary>
public sealed class Webdis : IDisposable
{
    private const int StartLimitMs = 10_000;

    private readonly Server _redis;
    private readonly Child _process;
    private readonly string _configuration = Path.GetTempFileName();

    public Webdis()
    {
        string program = Program() ?? throw new InvalidOperationException("webdis is not installed: apt-get install webdis");
        string redis = Servers.OnPath("redis-server") ?? throw new InvalidOperationException("redis-server is not installed: apt-get install redis-server");
        _redis = new Server("redis", [redis]);
        HttpPort = Server.FreePort();
        File.WriteAllText(_configuration,
            $$"""
            {"redis_host": "127.0.0.1", "redis_port": {{_redis.Port}}, "http_host": "127.0.0.1", "http_port": {{HttpPort}},
             "threads": 2, "daemonize": false, "database": 0, "verbosity": 0, "logfile": "/dev/null"}
            """);
        _process = new Child("webdis", new ProcessStartInfo(program, [_configuration]) { RedirectStandardError = true });
        _process.Await(IsReady, StartLimitMs);
    }

    public int HttpPort { get; }

    /// <summary>User and system time of both processes.</summary>
    public double ProcessorSeconds => _redis.ProcessorSeconds + _process.ProcessorSeconds;

    /// <summary>Where it is installed, or null.</summary>
    public static string? Program() => Servers.OnPath("webdis");

    public void Dispose()
    {
        _process.Dispose();
        _redis.Dispose();
        File.Delete(_configuration);
    }

    private bool IsReady()
    {
        using var door = new TcpClient("127.0.0.1", HttpPort);
        return true;
    }
}
