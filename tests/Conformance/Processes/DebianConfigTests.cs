using System.Globalization;
using System.Text.RegularExpressions;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Processes;

/// <summary>The redis.conf that Debian's package installs starts Galley as it starts redis-server.</summary>
public sealed class DebianConfigTests : IDisposable
{
    private const string Installed = "/etc/redis/redis.conf";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-debian-");
    private readonly int _port = ServerProcess.FreePort();

    [Theory]
    [InlineData(ServerProgram.RedisServer)]
    [InlineData(ServerProgram.Galley)]
    public void It_starts_a_daemon_with_a_log_and_a_pid_file(ServerProgram program)
    {
        string file = CopyMoved();
        string[] more = program == ServerProgram.Galley ? ["--http-port", "0"] : [];

        (int code, string output) = ProgramRun.ToEnd(program.Path(), _folder.FullName, [file, .. more]);

        Assert.Equal((0, ""), (code, output));
        Waiting.ForFile(Log, "Ready to accept connections");
        Assert.Contains("# Configuration loaded", File.ReadAllText(Log), StringComparison.Ordinal);
        int id = int.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "server.pid")), CultureInfo.InvariantCulture);
        AssertSettings();
        ProgramRun.Signal(id, "TERM");
        Waiting.ForFile(Log, "is now ready to exit, bye bye...");
    }

    [Fact]
    public void Galley_finds_nothing_wrong_with_it()
    {
        (int code, string output) = ProgramRun.ToEnd(ServerProgram.Galley.Path(), _folder.FullName, ["--check-config", CopyMoved()]);
        Assert.Equal((0, "The configuration is in order.\n"), (code, output));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Log => Path.Combine(_folder.FullName, "server.log");

    private void AssertSettings()
    {
        using var connection = new RespConnection(_port);
        Assert.Equal("no", Get("appendonly"));
        Assert.Equal("yes", Get("daemonize"));
        Assert.Equal(_folder.FullName, Get("dir"));
        Assert.Equal("127.0.0.1 -::1", Get("bind"));

        string Get(string name) => connection.Ask("CONFIG", "GET", name).Items[1].Text;
    }

    /// <summary>A copy whose port, folder, log and pid file are this test's own.</summary>
    private string CopyMoved()
    {
        string text = "";
        try
        {
            text = File.ReadAllText(Installed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Oracle.Refuse($"{Installed} cannot be read: {error.Message}");
        }
        string[] moved = [$"port {_port}", $"dir {_folder.FullName}", "logfile server.log", "pidfile server.pid"];
        foreach (string line in moved)
            text = Regex.Replace(text, $"^{line[..line.IndexOf(' ', StringComparison.Ordinal)]} .*$", line, RegexOptions.Multiline);
        string path = Path.Combine(_folder.FullName, "redis.conf");
        File.WriteAllText(path, text);
        return path;
    }
}
