using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Processes;

/// <summary>What a command line sets, asked of the running server, beside redis-server.</summary>
public sealed class CommandLineTests : IDisposable
{
    private static readonly string[] Asked = ["hz", "save", "requirepass", "bind", "client-output-buffer-limit", "maxmemory", "databases"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-words-");

    public CommandLineTests()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "redis.conf"), "hz 20\nsave 100 1\ninclude part-*.conf\nmaxmemory 3mb\n");
        // redis-server adds save lines up, but not after an include, which Galley does not follow: so no include here.
        File.WriteAllText(Path.Combine(_folder.FullName, "plain.conf"), "hz 20\nsave 100 1\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "part-1.conf"), "maxmemory 1mb\ndatabases 3\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "part-2.conf"), "databases 4\n");
    }

    // Words are parted by blanks; 'quoted' ones may hold them, or nothing.
    [Theory]
    [InlineData("--port {port} --save 900 1")]
    [InlineData("redis.conf --port {port}")]
    [InlineData("./redis.conf --port {port} --hz 30 --save ''")]
    [InlineData("'' --port {port} --save '900 1 300 10'")]
    [InlineData("'--port {port}' '--hz 33' --save 60 5")]
    [InlineData("--PORT {port} --save --hz 11")]
    [InlineData("--port {port} --hz 12 --save")]
    [InlineData("--port {port} --save '' --requirepass --hz")]
    [InlineData("--port {port} --save '' --bind 127.0.0.1 -::1 --maxmemory 10mb --")]
    [InlineData("--port {port} --save '' '--bind 127.0.0.1' -::1")]
    [InlineData("--port {port} --save '' --client-output-buffer-limit replica 1 2 3 pubsub 4 5 6")]
    [InlineData("--port {port} --save '' --client-output-buffer-limit 'pubsub 1 2 3'")]
    [InlineData("- --port {port} --save 2 2", "hz 40\nrequirepass \"a b\"\n")]
    [InlineData("plain.conf --port {port} --databases 7 -", "hz 50\nsave 5 5\n")]
    public void It_is_read_as_redis_server_reads_it(string words, string input = "")
    {
        string[] settings = [.. Enum.GetValues<ServerProgram>().Select(program => SettingsOf(program, words, input))];
        Assert.Equal(settings[0], settings[1]);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    public void A_version_is_printed(string word)
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            (int code, string output) = ProgramRun.ToEnd(program.Path(), _folder.FullName, [word, "--port", "1"]);
            Assert.Equal(0, code);
            Assert.Matches(@"^(Redis|Galley) server v=7\.\d+\.\d+ .*bits=64.*\n$", output);
        }
    }

    [Theory]
    [InlineData("--help", "Usage: ", "--check-config")]
    [InlineData("-h", "Usage: ", "--check-system")]
    [InlineData("--test-memory", "memory", "memtester")]
    public void A_question_that_starts_no_server_ends_with_1(string word, string common, string ours)
    {
        foreach (ServerProgram program in Enum.GetValues<ServerProgram>())
        {
            (int code, string output) = ProgramRun.ToEnd(program.Path(), _folder.FullName, [word]);
            Assert.Equal(1, code);
            Assert.Contains(program == ServerProgram.Galley ? ours : common, output, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string SettingsOf(ServerProgram program, string words, string input)
    {
        int port = ServerProcess.FreePort();
        List<string> arguments = [.. CommandLine.Split(words.Replace("{port}", $"{port}", StringComparison.Ordinal))
            .Select(System.Text.Encoding.Latin1.GetString)];
        // The options of Galley alone go where they disturb nothing: behind the file or the dash at the front.
        string[] own = program == ServerProgram.Galley ? ["--appendonly", "no", "--http-port", "0"] : ["--appendonly", "no"];
        arguments.InsertRange(arguments[0].StartsWith("--", StringComparison.Ordinal) ? 0 : 1, own);

        using ProgramRun server = ProgramRun.Start(program.Path(), _folder.FullName, arguments, input).Await("Ready to accept connections");
        using var connection = new RespConnection(port);
        foreach (string password in (string[])["--hz", "a b"]) connection.Ask("AUTH", password);
        string settings = string.Join('\n', Asked.Select(name => $"{name}: {connection.Ask("CONFIG", "GET", name).Items[1].Text}"));
        server.Signal("KILL");
        server.AwaitEnd();
        return BindOf(program, words, settings);
    }

    /// <summary>Where nothing names it, Galley's <c>bind</c> is loopback, as in the redis.conf that redis-server ships.</summary>
    private static string BindOf(ServerProgram program, string words, string settings) =>
        program == ServerProgram.RedisServer || words.Contains("--bind", StringComparison.Ordinal)
            ? settings
            : settings.Replace("bind: 127.0.0.1 -::1", "bind: * -::*", StringComparison.Ordinal);
}
