using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Processes;

/// <summary>Whether the end of the server saves the data, beside redis-server.</summary>
public sealed class ShutdownSaveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-save-");

    [Theory]
    [InlineData("TERM", true, "--save", "3600 1")]
    [InlineData("TERM", false, "--save", "")]
    [InlineData("TERM", true, "--save", "", "--shutdown-on-sigterm", "save")]
    [InlineData("TERM", false, "--save", "3600 1", "--shutdown-on-sigterm", "nosave")]
    [InlineData("INT", true, "--save", "", "--shutdown-on-sigint", "save")]
    [InlineData("INT", false, "--save", "", "--shutdown-on-sigterm", "save")]
    [InlineData("SHUTDOWN", true, "--save", "3600 1")]
    [InlineData("SHUTDOWN", false, "--save", "")]
    [InlineData("SHUTDOWN SAVE", true, "--save", "")]
    [InlineData("SHUTDOWN NOSAVE", false, "--save", "3600 1")]
    public void The_end_saves_where_it_should(string end, bool saves, params string[] options)
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            File.Delete(Dump);
            int port = ServerProcess.FreePort();
            using ProgramRun server = StartAt(program, port, options);
            using (var connection = new RespConnection(port))
            {
                connection.Ask("SET", "a", "1");
                if (end.StartsWith("SHUTDOWN", StringComparison.Ordinal)) connection.Ask(end.Split(' '));
            }
            if (!end.StartsWith("SHUTDOWN", StringComparison.Ordinal)) server.Signal(end);
            Assert.Equal(0, server.AwaitEnd());
            Assert.Equal(saves, File.Exists(Dump));
            if (saves) Assert.Contains("Saving the final RDB snapshot before exiting.", server.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_save_that_fails_keeps_the_server_alive_until_it_is_told_not_to_save()
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            int port = ServerProcess.FreePort();
            using ProgramRun server = StartAt(program, port, "--save", "3600 1");
            using FolderInTheWay folder = new(Dump);
            using var connection = new RespConnection(port);
            Assert.Equal("OK", connection.Ask("SET", "a", "1").Text);
            Assert.Equal("ERR Errors trying to SHUTDOWN. Check logs.", connection.Ask("SHUTDOWN").Text);
            server.Signal("TERM");
            server.Await("Errors trying to shut down the server. Check the logs for more information.");
            Assert.Equal("1", connection.Ask("GET", "a").Text);
            Assert.Equal("OK", connection.Ask("SET", "a", "2").Text);
            connection.Ask("SHUTDOWN", "NOSAVE");
            Assert.Equal(0, server.AwaitEnd());
        }
    }

    [Fact]
    public void FORCE_ends_it_all_the_same()
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            int port = ServerProcess.FreePort();
            using ProgramRun server = StartAt(program, port, "--save", "3600 1");
            using FolderInTheWay folder = new(Dump);
            using (var connection = new RespConnection(port)) connection.Ask("SHUTDOWN", "FORCE");
            Assert.Equal(0, server.AwaitEnd());
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Dump => Path.Combine(_folder.FullName, "dump.rdb");

    private ProgramRun StartAt(ServerProgram program, int port, params string[] more)
    {
        string[] words = ["--port", port.ToString(CultureInfo.InvariantCulture), .. program.Quiet(), .. more];
        return ProgramRun.Start(program.Path(), _folder.FullName, words).Await("Ready to accept connections");
    }

    /// <summary>Nothing can be renamed to where a folder stands.</summary>
    private sealed class FolderInTheWay : IDisposable
    {
        private readonly string _path;

        public FolderInTheWay(string path)
        {
            _path = path;
            Directory.CreateDirectory(Path.Combine(path, "full"));
        }

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
