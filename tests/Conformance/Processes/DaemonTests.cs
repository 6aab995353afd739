using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Processes;

/// <summary><c>daemonize yes</c>, beside redis-server.</summary>
public sealed class DaemonTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-daemon-");
    private readonly int _port = ServerProcess.FreePort();

    [Theory]
    [InlineData(ServerProgram.RedisServer)]
    [InlineData(ServerProgram.Galley)]
    public void The_starter_ends_with_0_and_a_detached_copy_serves(ServerProgram program)
    {
        (int code, string output) = Start(program, "--pidfile", "d.pid", "--logfile", "d.log");

        Assert.Equal((0, ""), (code, output));
        Waiting.ForFile(Log, "Ready to accept connections");
        int id = DaemonId();
        Assert.Contains($"{id}:C ", File.ReadAllText(Log), StringComparison.Ordinal);
        Assert.Contains($"pid={id}, just started", File.ReadAllText(Log), StringComparison.Ordinal);
        if (OperatingSystem.IsLinux()) AssertDetached(id);
        Assert.True(Waiting.Answers(_port));

        ProgramRun.Signal(id, "TERM");

        Waiting.ForFile(Log, "is now ready to exit, bye bye...");
        Assert.False(File.Exists(PidFile));
    }

    [Theory]
    [InlineData(ServerProgram.RedisServer)]
    [InlineData(ServerProgram.Galley)]
    public void Relative_names_are_relative_to_the_folder_of_the_data(ServerProgram program)
    {
        string data = _folder.CreateSubdirectory("data").FullName;
        Assert.Equal((0, ""), Start(program, "--dir", "data", "--pidfile", "d.pid", "--logfile", "d.log", "--unixsocket", "d.sock"));
        Waiting.ForFile(Path.Combine(data, "d.log"), "Ready to accept connections");
        Assert.True(File.Exists(Path.Combine(data, "d.pid")) && File.Exists(Path.Combine(data, "d.sock")));
        Shutdown();
        Waiting.ForFile(Path.Combine(data, "d.log"), "bye bye...");
    }

    [Theory]
    [InlineData(ServerProgram.RedisServer)]
    [InlineData(ServerProgram.Galley)]
    public void The_configuration_may_come_from_standard_input(ServerProgram program)
    {
        string text = $"port {_port}\ndaemonize yes\nlogfile d.log\nrequirepass secret\n";
        (int code, _) = ProgramRun.ToEnd(program.Path(), _folder.FullName, ["-", .. program.Quiet()], text);
        Assert.Equal(0, code);
        Waiting.ForFile(Log, "Ready to accept connections");
        using (var connection = new RespConnection(_port)) Assert.Equal("OK", connection.Ask("AUTH", "secret").Text);
        Shutdown("secret");
        Waiting.ForFile(Log, "bye bye...");
    }

    [Theory]
    [InlineData(ServerProgram.RedisServer)]
    [InlineData(ServerProgram.Galley)]
    public void A_wrong_configuration_is_told_by_the_starter_and_the_rest_by_the_log(ServerProgram program)
    {
        (int code, string output) = Start(program, "--logfile", "d.log", "--hz", "fast");
        Assert.Equal(1, code);
        Assert.Contains("argument couldn't be parsed into an integer", output, StringComparison.Ordinal);

        (code, _) = Start(program, "--logfile", "d.log", "--unixsocket", "gone/s.sock");
        Assert.Equal(0, code);
        Waiting.ForFile(Log, "Failed opening Unix socket: bind: No such file or directory");
    }

    [Fact]
    public void When_the_starter_has_ended_Galley_answers()
    {
        Assert.Equal(0, Start(ServerProgram.Galley, "--logfile", "d.log").Code);
        Waiting.ForReply(_port);
        Assert.Contains("Ready to accept connections", File.ReadAllText(Log), StringComparison.Ordinal);
        Shutdown();
        Waiting.ForFile(Log, "bye bye...");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Log => Path.Combine(_folder.FullName, "d.log");

    private string PidFile => Path.Combine(_folder.FullName, "d.pid");

    private (int Code, string Output) Start(ServerProgram program, params string[] more)
    {
        string[] words = ["--port", $"{_port}", "--daemonize", "yes", .. program.Quiet(), .. more];
        if (!more.Contains("--pidfile")) words = [.. words, "--pidfile", PidFile];
        return ProgramRun.ToEnd(program.Path(), _folder.FullName, words);
    }

    private int DaemonId() => int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture);

    private void Shutdown(string? password = null)
    {
        using var connection = new RespConnection(_port);
        if (password is not null) connection.Ask("AUTH", password);
        connection.Ask("SHUTDOWN", "NOSAVE");
    }

    /// <summary>A session of its own, no terminal, and standard streams that lead to nowhere.</summary>
    private static void AssertDetached(int id)
    {
        // "4711 (name) S parent group session terminal ...": the name may hold blanks.
        string stat = File.ReadAllText($"/proc/{id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        Assert.Equal(($"{id}", "0"), (fields[3], fields[4]));
        for (int stream = 0; stream <= 2; stream++)
            Assert.Equal("/dev/null", new FileInfo($"/proc/{id}/fd/{stream}").ResolveLinkTarget(returnFinalTarget: false)!.FullName);
    }
}
