using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Clients;

/// <summary>redis-benchmark: every test of its <c>-t</c> whose commands the table has.</summary>
public sealed class RedisBenchmarkTests(Fleet fleet)
{
    // The name after -t, the title that it prints, and what it sends.
    private static readonly (string Test, string Title, string[] Commands)[] Tests =
    [
        ("ping_inline", "PING_INLINE", ["PING"]),
        ("ping_mbulk", "PING_MBULK", ["PING"]),
        ("set", "SET", ["SET"]),
        ("get", "GET", ["GET"]),
        ("incr", "INCR", ["INCR"]),
        ("lpush", "LPUSH", ["LPUSH"]),
        ("rpush", "RPUSH", ["RPUSH"]),
        ("lpop", "LPOP", ["LPOP"]),
        ("rpop", "RPOP", ["RPOP"]),
        ("sadd", "SADD", ["SADD"]),
        ("hset", "HSET", ["HSET"]),
        ("spop", "SPOP", ["SPOP"]),
        ("zadd", "ZADD", ["ZADD"]),
        ("zpopmin", "ZPOPMIN", ["ZPOPMIN"]),
        ("lrange_100", "LRANGE_100 (first 100 elements)", ["LPUSH", "LRANGE"]),
        ("lrange_300", "LRANGE_300 (first 300 elements)", ["LPUSH", "LRANGE"]),
        ("lrange_500", "LRANGE_500 (first 500 elements)", ["LPUSH", "LRANGE"]),
        ("lrange_600", "LRANGE_600 (first 600 elements)", ["LPUSH", "LRANGE"]),
        ("mset", "MSET (10 keys)", ["MSET"]),
    ];

    [Fact]
    public async Task Each_test_runs_to_its_end_without_an_error()
    {
        Oracle.Demand(Oracle.RedisBenchmark, "redis-benchmark", "apt-get install redis-tools");
        using RespConnection client = fleet.Galley().Connect();
        var known = client.Ask("COMMAND", "LIST").Items.Select(name => name.Text.ToUpperInvariant()).ToHashSet();
        (string Test, string Title, string[] Commands)[] runnable = [.. Tests.Where(test => Array.TrueForAll(test.Commands, known.Contains))];
        Assert.True(runnable.Length >= 6, "PING twice, SET, GET, INCR and MSET are there at least.");
        foreach ((string test, string title, _) in runnable)
        {
            (int code, string output) = await NodeScript.RunAsync(
                Oracle.RedisBenchmark!, ["-p", Port, "-t", test, "-n", "2000", "-P", "8", "-d", "32", "-r", "1000", "--csv"]);
            Assert.True(code == 0, output);
            Assert.DoesNotContain("Error", output, StringComparison.OrdinalIgnoreCase);
            Assert.Contains($"\n\"{title}\",", output, StringComparison.Ordinal);
        }
    }

    private string Port => fleet.Galley().Port.ToString(CultureInfo.InvariantCulture);
}
