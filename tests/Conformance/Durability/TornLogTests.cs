using System.Globalization;
using Galley.Conformance.Processes;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Durability;

/// <summary>A log whose end is torn, beside redis-server: <c>aof-load-truncated</c> decides whether either starts.</summary>
public sealed class TornLogTests : IDisposable
{
    private const string Increment = "appendonly.aof.1.incr.aof";

    /// <summary>Whole up to here.</summary>
    private const string Whole = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-torn-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(ServerProgram.RedisServer, "*3\r\n$3\r\nSET\r\n$1")]
    [InlineData(ServerProgram.Galley, "*3\r\n$3\r\nSET\r\n$1")]
    [InlineData(ServerProgram.RedisServer, "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n")]
    [InlineData(ServerProgram.Galley, "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n")]
    public void It_is_cut_off_where_that_is_allowed_and_refused_where_not(ServerProgram program, string tail)
    {
        string log = Place(Whole + tail);
        using (ProgramRun refused = Start(program, "no"))
        {
            Assert.Equal(1, refused.AwaitEnd());
            Assert.Contains($"Unexpected end of file reading the append only file {Increment}. You can: 1) Make a backup", refused.Output, StringComparison.Ordinal);
        }
        Assert.Equal(Whole.Length + tail.Length, new FileInfo(log).Length);

        using (ProgramRun started = Start(program, "yes"))
        {
            started.Await($"!!! Truncating the AOF {Increment} at offset {Whole.Length} !!!").Await("DB loaded from append only file: ").Await("Ready to accept connections");
            started.Signal("KILL");
            started.AwaitEnd();
        }
        Assert.Equal(Whole.Length, new FileInfo(log).Length);
    }

    private string Place(string content)
    {
        string logs = _folder.CreateSubdirectory("appendonlydir").FullName;
        File.WriteAllText(Path.Combine(logs, "appendonly.aof.manifest"), $"file {Increment} seq 1 type i\n");
        string log = Path.Combine(logs, Increment);
        File.WriteAllText(log, content);
        return log;
    }

    private ProgramRun Start(ServerProgram program, string loadsTruncated)
    {
        string port = ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        string[] http = program == ServerProgram.Galley ? ["--http-port", "0"] : [];
        return ProgramRun.Start(program.Path(), _folder.FullName,
            ["--port", port, "--save", "", "--appendonly", "yes", "--aof-load-truncated", loadsTruncated, "--dir", _folder.FullName, .. http]);
    }
}
