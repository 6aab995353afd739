using System.Globalization;
using System.Text;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Clients;

/// <summary>redis-cli, as a person calls it.</summary>
public sealed class RedisCliTests(Fleet fleet)
{
    [Theory]
    [InlineData("")]
    [InlineData("-3")]
    public async Task Commands_are_answered(string protocol)
    {
        Assert.Equal("OK\n", await CliAsync(protocol, "FLUSHALL"));
        Assert.Equal("OK\n", await CliAsync(protocol, "SET", "greeting", "hello world"));
        Assert.Equal("hello world\n", await CliAsync(protocol, "GET", "greeting"));
        Assert.Equal("1\n2\n3\n", await CliAsync(protocol, "-r", "3", "INCR", "counter"));
        Assert.Equal("\n", await CliAsync(protocol, "GET", "absent"));
    }

    [Fact]
    public async Task Scan_lists_every_key()
    {
        await CliAsync("", "FLUSHALL");
        await CliAsync("", "DEBUG", "POPULATE", "250");
        string[] keys = (await CliAsync("", "--scan", "--pattern", "key:*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(250, keys.Distinct().Count());
        Assert.Equal(10, (await CliAsync("", "--scan", "--pattern", "key:1?")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Pipe_takes_a_mass_of_commands()
    {
        await CliAsync("", "FLUSHALL");
        var mass = new StringBuilder();
        for (int i = 0; i < 100_000; i++) mass.Append(CultureInfo.InvariantCulture, $"SET mass:{i} {i}\r\n");
        (int code, string output) = await NodeScript.RunAsync(Cli(), ["-p", Port(), "--pipe"], mass.ToString());
        Assert.True(code == 0, output);
        Assert.Contains("errors: 0, replies: 100000", output, StringComparison.Ordinal);
        Assert.Equal("100000\n", await CliAsync("", "DBSIZE"));
    }

    [Fact]
    public async Task Errors_are_shown_as_errors()
    {
        Assert.Contains("ERR unknown command 'BOGUS'", await CliAsync("", "BOGUS"), StringComparison.Ordinal);
        Assert.Contains("wrong number of arguments", await CliAsync("", "GET"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transactions_and_databases_run_from_its_input()
    {
        await CliAsync("", "FLUSHALL");
        (int code, string output) = await NodeScript.RunAsync(Cli(), ["-p", Port(), "-n", "3"], "MULTI\nSET a 1\nINCR a\nEXEC\nGET a\n");
        Assert.Equal((0, "OK\nQUEUED\nQUEUED\nOK\n2\n2\n"), (code, output));
        Assert.Equal("\n", await CliAsync("", "GET", "a"));
        Assert.Equal("2\n", await CliAsync("", "-n", "3", "GET", "a"));
    }

    private async Task<string> CliAsync(string protocol, params string[] words)
    {
        (_, string output) = await NodeScript.RunAsync(
            Cli(), ["-p", Port(), .. protocol.Length == 0 ? (string[])[] : [protocol], .. words]);
        return output;
    }

    private string Port() => fleet.Galley().Port.ToString(CultureInfo.InvariantCulture);

    private static string Cli()
    {
        Oracle.Demand(Oracle.RedisCli, "redis-cli", "apt-get install redis-tools");
        return Oracle.RedisCli!;
    }
}
