using System.Net.Sockets;
using System.Text;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Processes;

/// <summary><c>supervised</c>: what systemd is told, beside redis-server.</summary>
public sealed class SupervisionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-systemd-");

    /// <summary>Under a supervisor the server stays in the foreground, whatever <c>daemonize</c> says.</summary>
    [Theory]
    [InlineData("systemd")]
    [InlineData("auto")]
    public void Systemd_hears_of_the_start_and_the_end(string mode)
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            string path = Path.Combine(_folder.FullName, $"{program}.sock");
            using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = ProgramRun.LimitMs };
            systemd.Bind(new UnixDomainSocketEndPoint(path));
            string[] words = ["--port", $"{ServerProcess.FreePort()}", .. program.Quiet(), "--supervised", mode, "--daemonize", "yes", "--pidfile", "s.pid"];
            using ProgramRun server = ProgramRun.Start(program.Path(), _folder.FullName, words, variable: ("NOTIFY_SOCKET", path));

            Assert.Contains("READY=1\n", Hear(systemd, "READY=1"), StringComparison.Ordinal);
            Assert.Contains("Supervised by systemd.", server.Output, StringComparison.Ordinal);
            server.Signal("TERM");
            Assert.Contains("STOPPING=1\n", Hear(systemd, "STOPPING=1"), StringComparison.Ordinal);
            Assert.Equal(0, server.AwaitEnd());
        }
    }

    [Fact]
    public void A_supervisor_that_is_not_there_is_missed_in_the_log()
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            string[] words = ["--port", $"{ServerProcess.FreePort()}", .. program.Quiet(), "--supervised", "systemd"];
            using ProgramRun server = ProgramRun.Start(program.Path(), _folder.FullName, words, variable: ("NOTIFY_SOCKET", null))
                .Await("Ready to accept connections");
            Assert.Contains("# systemd supervision error: NOTIFY_SOCKET not found!\n", server.Output, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>All that is said up to the word.</summary>
    private static string Hear(Socket systemd, string word)
    {
        var heard = new StringBuilder();
        byte[] datagram = new byte[4096];
        while (!heard.ToString().Contains(word, StringComparison.Ordinal))
            heard.Append(Encoding.ASCII.GetString(datagram, 0, systemd.Receive(datagram)));
        return heard.ToString();
    }
}
