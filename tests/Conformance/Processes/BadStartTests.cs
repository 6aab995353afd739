using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Processes;

/// <summary>
/// A table of starts that must fail: what redis-server says, which Galley says too, and what Galley adds for the next
/// step. Both end with 1.
/// </summary>
public sealed class BadStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-bad-start-");
    private readonly TcpListener _other = new(IPAddress.Loopback, 0);

    public BadStartTests()
    {
        _other.Start();
        File.WriteAllText(Path.Combine(_folder.FullName, "file"), "");
        File.WriteAllText(Path.Combine(_folder.FullName, "bad.conf"), "hz 10\n\nmaxmemroy 1gb\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "quotes.conf"), "requirepass \"abc\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "include.conf"), "hz 10\ninclude nothing-*.conf\ninclude gone.conf\n");
    }

    private static string Long => new('x', 120);

    public static TheoryData<string, string, string> Starts() => new()
    {
        { "gone.conf", "Fatal error, can't open config file '{folder}/gone.conf': No such file or directory", "" },
        { "include.conf", "Fatal error, can't open config file '(.*/)?gone.conf': No such file or directory", "" },
        { "bad.conf", "Reading the configuration file, at line 3\n>>> 'maxmemroy 1gb'\nBad directive or wrong number of arguments\n",
            "Did you mean 'maxmemory'?\nThe file is {folder}/bad.conf." },
        { "quotes.conf", "Reading the configuration file, at line 1\n>>> 'requirepass \"abc'\nUnbalanced quotes in configuration line\n",
            "Close every quote" },
        { "--bogus 1", ">>> 'bogus \"1\"'\nBad directive or wrong number of arguments\n", "Galley does not know this directive" },
        { "--appendfsnc no", ">>> 'appendfsnc \"no\"'\nBad directive or wrong number of arguments\n", "Did you mean 'appendfsync'?" },
        { "--port=7000", ">>> 'port=7000'\nBad directive or wrong number of arguments\n", "" },
        { "--port", ">>> 'port'\nwrong number of arguments\n", "Its default is: port 6379" },
        { "--port abc", ">>> 'port \"abc\"'\nargument couldn't be parsed into an integer\n", "Its default is: port 6379" },
        { "--port {port} 2", ">>> 'port \"{port}\" \"2\"'\nwrong number of arguments\n", "" },
        { "--port {port} - --hz 5", ">>> 'port \"{port}\" \"-\"'\nwrong number of arguments\n", "" },
        { "--port 70000", "argument must be between 0 and 65535 inclusive\n", "" },
        { "-x", "Bad directive or wrong number of arguments\n", "every other setting is --name value" },
        { "--maxmemory 1x", ">>> 'maxmemory \"1x\"'\nargument must be a memory value\n", "" },
        { "--appendonly maybe", ">>> 'appendonly \"maybe\"'\nargument must be 'yes' or 'no'\n", "" },
        { "--appendfsync often", "argument(s) must be one of the following: everysec, always, no\n", "" },
        { "--databases 0", "argument must be between 1 and 2147483647 inclusive\n", "Its default is: databases 16" },
        { "--save 1", ">>> 'save \"1\"'\nInvalid save parameters\n", "" },
        { "--unixsocketperm 999", "argument couldn't be parsed as an octal number\n", "" },
        { "--rename-command NOSUCH X", ">>> 'rename-command \"NOSUCH\" \"X\"'\nNo such command in rename-command\n", "COMMAND LIST shows" },
        { "--dir gone", ">>> 'dir \"gone\"'\nNo such file or directory\n", "Make the folder, or name one that is there." },
        { "--dir file", ">>> 'dir \"file\"'\nNot a directory\n", "Make the folder" },
        { "--logfile gone/a.log", "Can't open the log file: No such file or directory\n", "name another 'logfile'" },
        { "--logfile {folder}", "Can't open the log file: Is a directory\n", "name another 'logfile'" },
        { "--port 0", "# Configured to not listen anywhere, exiting.\n", "Name a 'port'" },
        { "--port {taken} --bind 127.0.0.1", "# Warning: Could not create server TCP listening socket 127.0.0.1:{taken}: bind: Address already in use\n",
            "Stop who listens there" },
        { "--port {taken}", "# Failed listening on port {taken} (TCP), aborting.\n", "choose another 'port'" },
        { "--port {port} --bind 203.0.113.7", "bind: Cannot assign requested address\n", "an address of this machine for 'bind'" },
        { "--port {port} --bind no.such.host.invalid", "# Failed listening on port {port} (TCP), aborting.\n", "'bind'" },
        { "--port {port} --bind -203.0.113.7", "# Configured to not listen anywhere, exiting.\n", "" },
        { "--port {port} --unixsocket gone/s.sock", "# Failed opening Unix socket: bind: No such file or directory\n", "Name another 'unixsocket'" },
        { $"--port {{port}} --unixsocket /tmp/{Long}", "# Failed opening Unix socket: unix socket path too long (125), must be under 108\n", "" },
        { "--port {port} --unixsocket {folder}", "# Failed opening Unix socket: bind: Address already in use\n", "a path that nothing else has" },
        { "--port {port} --appendonly yes --dir /sys", "# Can't open or create append-only dir appendonlydir: ", "Let this user write /sys, or name another 'dir'." },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public void It_is_refused_as_redis_server_refuses_it(string words, string message, string nextStep)
    {
        int port = ServerProcess.FreePort();
        (int redisCode, string redis) = Run(ServerProgram.RedisServer, words, port);
        (int code, string galley) = Run(ServerProgram.Galley, words, port);

        Assert.Equal((1, 1), (redisCode, code));
        AssertSays(redis, message, port);
        AssertSays(galley, message, port);
        AssertSays(galley, nextStep, port);
    }

    [Fact]
    public void A_taken_port_of_HTTP_is_refused_where_it_was_named()
    {
        string taken = Taken.ToString(CultureInfo.InvariantCulture);
        string port = ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        (int code, string output) = ProgramRun.ToEnd(
            ServerProgram.Galley.Path(), _folder.FullName, ["--port", port, "--appendonly", "no", "--http-port", taken]);

        Assert.Equal(1, code);
        Assert.Contains($"# Failed listening on port {taken} (HTTP), aborting.\n", output, StringComparison.Ordinal);
        Assert.Contains("choose another 'http-port' or 'http-bind'", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _other.Dispose();
        _folder.Delete(recursive: true);
    }

    private int Taken => ((IPEndPoint)_other.LocalEndpoint).Port;

    private (int Code, string Output) Run(ServerProgram program, string words, int port)
    {
        string[] arguments = Filled(words, port).Split(' ');
        // A start without a port must fail before it comes to the usual one; the named settings of the row come last.
        string[] quiet = program == ServerProgram.Galley && !words.Contains("--port 0", StringComparison.Ordinal) ? ["--http-port", "0"] : [];
        bool beginsWithFile = !words.StartsWith("--", StringComparison.Ordinal);
        return ProgramRun.ToEnd(program.Path(), _folder.FullName, beginsWithFile ? [.. arguments, .. quiet] : [.. quiet, .. arguments]);
    }

    /// <summary>A message with a dot and a star is a pattern; the others are the text itself.</summary>
    private void AssertSays(string output, string message, int port)
    {
        string filled = Filled(message, port);
        if (filled.Contains(".*", StringComparison.Ordinal)) Assert.Matches(new Regex(filled), output);
        else Assert.Contains(filled, output, StringComparison.Ordinal);
    }

    private string Filled(string text, int port) => text
        .Replace("{folder}", _folder.FullName, StringComparison.Ordinal)
        .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{taken}", Taken.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
