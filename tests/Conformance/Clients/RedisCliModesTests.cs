using System.Globalization;
using System.Text.RegularExpressions;
using Galley.Conformance.Servers;

namespace Galley.Conformance.Clients;

/// <summary>redis-cli's modes, each of which relies on commands that nothing else calls together.</summary>
public sealed class RedisCliModesTests : IDisposable
{
    private readonly ServerProcess _galley;

    public RedisCliModesTests()
    {
        Oracle.Demand(Oracle.RedisCli, "redis-cli", "apt-get install redis-tools");
        _galley = ServerProcess.StartGalley();
    }

    public void Dispose() => _galley.Dispose();

    [Theory]
    [InlineData("--bigkeys", "Biggest string found '\"big\"' has 5000 bytes")]
    [InlineData("--memkeys", "Biggest string found '\"big\"' has ")]
    public async Task The_largest_key_is_found(string mode, string expected)
    {
        await RunAsync("DEBUG", "POPULATE", "200", "k", "20");
        await RunAsync("SET", "big", new string('v', 5000));
        string output = await RunAsync(mode);
        Assert.Contains("Sampled 201 keys in the keyspace!", output, StringComparison.Ordinal);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Contains("201 strings with ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hottest_key_is_found_under_an_LFU_policy()
    {
        await RunAsync("DEBUG", "POPULATE", "50");
        Assert.Contains("ERR An LFU maxmemory policy is not selected", await RunAsync("--hotkeys"), StringComparison.Ordinal);
        await RunAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
        await RunAsync("-r", "500", "GET", "key:7");
        string output = await RunAsync("--hotkeys");
        Assert.Matches("hot key found with counter: [0-9]+\tkeyname: \"key:7\"", output);
    }

    [Fact]
    public async Task Latency_is_measured()
    {
        // Minimum, maximum and average in milliseconds, and how often it has asked in the second that it takes.
        Assert.Matches("^[0-9]+ [0-9]+ [0-9.]+ [0-9]{1,3}\n$", await RunAsync("--latency"));
    }

    [Theory]
    [InlineData("seconds range", "--latency-history", "-i", "1")]
    [InlineData("------- data ------", "--stat", "-i", "0.1")]
    [InlineData("Gets/sec | Hits: ", "--lru-test", "500")]
    public async Task A_mode_that_never_ends_shows_its_lines(string expected, params string[] mode)
    {
        Oracle.Demand(Executables.OnPath("stdbuf"), "stdbuf", "apt-get install coreutils");
        (_, string output) = await NodeScript.RunAsync("timeout", ["3", "stdbuf", "-oL", Oracle.RedisCli!, "-p", Port, .. mode]);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain("ERR", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stat_shows_keys_memory_and_clients()
    {
        await RunAsync("DEBUG", "POPULATE", "123");
        (_, string output) = await NodeScript.RunAsync("timeout", ["3", "stdbuf", "-oL", Oracle.RedisCli!, "-p", Port, "--stat", "-i", "0.1"]);
        Assert.Matches(@"\n123 +[0-9.]+[BKM] +1 +0 +[0-9]+ \(\+[0-9]+\)", output);
    }

    [Fact]
    public async Task The_machines_own_latency_is_measured_without_the_server() =>
        Assert.Contains("total runs", await RunAsync("--intrinsic-latency", "1"), StringComparison.Ordinal);

    [Theory]
    [InlineData("--rdb")]
    [InlineData("--functions-rdb")]
    public async Task A_dump_is_refused_with_a_clear_word(string mode)
    {
        string file = Path.Combine(_galley.Directory, "copy.rdb");
        (int code, string output) = await NodeScript.RunAsync(Oracle.RedisCli!, ["-p", Port, mode, file]);
        Assert.Equal(1, code);
        Assert.Contains("ERR Galley does not replicate yet", output, StringComparison.Ordinal);
        Assert.Equal("PONG\n", await RunAsync("PING"));
    }

    /// <summary>Its hints and its completion are made of this reply.</summary>
    [Fact]
    public async Task Every_command_is_documented_for_completion()
    {
        string names = await RunAsync("COMMAND", "LIST");
        string documents = await RunAsync("-3", "--json", "COMMAND", "DOCS");
        string[] topLevel = [.. names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => !name.Contains('|', StringComparison.Ordinal))];
        Assert.True(topLevel.Length > 50, names);
        Assert.DoesNotContain(topLevel, name => !documents.Contains($"\"{name}\":{{\"summary\":\"", StringComparison.Ordinal));
        Assert.Equal(topLevel.Length, int.Parse(await RunAsync("COMMAND", "COUNT"), CultureInfo.InvariantCulture));
        Assert.Empty(Regex.Matches(documents, "\"summary\":\"\""));
    }

    private string Port => _galley.Port.ToString(CultureInfo.InvariantCulture);

    private async Task<string> RunAsync(params string[] words)
    {
        (_, string output) = await NodeScript.RunAsync(Oracle.RedisCli!, ["-p", Port, .. words]);
        return output;
    }
}
