using System.Globalization;
using System.Text.RegularExpressions;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Processes;

/// <summary>How each signal ends the server, beside redis-server.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-signal-");

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void SIGTERM_and_SIGINT_end_it_in_good_order(string signal)
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            using ProgramRun server = Start(program, "--pidfile", "server.pid", "--unixsocket", Socket);
            Assert.Equal($"{server.Id}\n", File.ReadAllText(PidFile));
            Assert.True(File.Exists(Socket));

            server.Signal(signal);

            Assert.Equal(0, server.AwaitEnd());
            Assert.Matches($@"\n{server.Id}:signal-handler \(\d+\) Received SIG{signal} scheduling shutdown\.\.\.\n", server.Output);
            AssertInOrder(server.Output, "# User requested shutdown...", "* Removing the pid file.", "is now ready to exit, bye bye...");
            Assert.Contains("* Removing the unix socket file.", server.Output, StringComparison.Ordinal);
            Assert.False(File.Exists(PidFile) || File.Exists(Socket));
        }
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("PIPE")]
    public void SIGHUP_and_SIGPIPE_do_nothing(string signal)
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            int port = ServerProcess.FreePort();
            using ProgramRun server = StartAt(program, port);

            server.Signal(signal);
            server.Signal(signal);

            Waiting.ForReply(port);
            server.Signal("TERM");
            Assert.Equal(0, server.AwaitEnd());
        }
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("USR1")]
    public void A_signal_that_nobody_handles_ends_it_with_its_number(string signal)
    {
        int[] codes = [.. Enum.GetValues<ServerProgram>().Select(program =>
        {
            using ProgramRun server = Start(program);
            server.Signal(signal);
            return server.AwaitEnd();
        })];
        Assert.Equal(codes[0], codes[1]);
        Assert.True(codes[1] > 128);
    }

    [Fact]
    public void SHUTDOWN_ends_it_with_0()
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            int port = ServerProcess.FreePort();
            using ProgramRun server = StartAt(program, port);
            using (var connection = new RespConnection(port)) connection.Ask("SHUTDOWN");
            Assert.Equal(0, server.AwaitEnd());
            AssertInOrder(server.Output, "# User requested shutdown...", "is now ready to exit, bye bye...");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PidFile => Path.Combine(_folder.FullName, "server.pid");

    private string Socket => Path.Combine(_folder.FullName, "s.sock");

    private ProgramRun Start(ServerProgram program, params string[] more) => StartAt(program, ServerProcess.FreePort(), more);

    private ProgramRun StartAt(ServerProgram program, int port, params string[] more)
    {
        string[] words = ["--port", port.ToString(CultureInfo.InvariantCulture), .. program.Quiet(), .. more];
        return ProgramRun.Start(program.Path(), _folder.FullName, words).Await("Ready to accept connections");
    }

    private static void AssertInOrder(string output, params string[] lines)
    {
        string pattern = string.Join(".*", lines.Select(Regex.Escape));
        Assert.Matches(new Regex(pattern, RegexOptions.Singleline), output);
    }
}
