using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Configuration;

/// <summary>
/// Every directive of redis-server 7.0.15: its name, its default, and what CONFIG SET says of values that it must not take
/// and of some that it may. Both servers are this test's own: it leaves their settings in a strange state.
/// </summary>
public sealed class DirectiveTests
{
    /// <summary>Defaults that differ, and why.</summary>
    private static readonly Dictionary<string, string> OtherDefaults = new()
    {
        ["activedefrag"] = "Galley's memory follows what is used, and where there is nothing to gain it costs nothing.",
        ["bind"] = "Galley listens on loopback alone until it is told otherwise, as the redis.conf that Redis ships does.",
    };

    /// <summary>What only Galley has: directives of later Redis, and its own.</summary>
    private static readonly string[] More =
    [
        "aof-load-corrupt-tail-max-size", "backup-sealed-ttl", "backupdirname", "cluster-announce-human-nodename", "cluster-compatibility-sample-ratio",
        "cluster-slot-migration-handoff-max-lag-bytes", "cluster-slot-migration-write-pause-timeout", "cluster-slot-stats-enabled",
        "commandlog-execution-slower-than", "commandlog-large-reply-max-len", "commandlog-large-request-max-len",
        "commandlog-reply-larger-than", "commandlog-request-larger-than", "commandlog-slow-execution-max-len",
        "hide-user-data-from-log", "http-bind", "http-compression", "http-max-body-size", "http-max-connections", "http-origins", "http-path-prefix",
        "http-port", "http-readonly-token", "http-token", "key-memory-histograms", "keyspace-prefix-separator", "keyspace-prefixes-max", "locale-collate", "lookahead",
        "max-new-connections-per-cycle", "max-new-tls-connections-per-cycle", "on-timeout", "partitions", "repl-rdb-channel",
        "replica-full-sync-buffer-limit", "script-timeout", "set-max-listpack-entries", "set-max-listpack-value", "slowlog-entry-max-argc",
        "slowlog-entry-max-string-len", "stream-idmp-duration", "stream-idmp-maxsize", "tls-auth-clients-user",
        "change-feed", "change-feed-key", "change-feed-maxlen", "sse-heartbeat-interval", "sse-max-connections", "ws-auth-timeout",
        "ws-max-connections", "ws-max-frame-size", "ws-max-inflight", "ws-max-subscriptions", "ws-max-tickets", "ws-ping-interval",
        "ws-pong-timeout", "ws-query-token", "ws-rate-limit", "ws-send-queue-bytes", "ws-send-queue-frames",
    ];

    /// <summary>Found by their names and by no pattern.</summary>
    private static readonly string[] Hidden =
    [
        "key-load-delay", "loading-process-events-interval-bytes", "lua-enable-deprecated-api", "rdb-key-save-delay", "use-exit-on-panic",
        "watchdog-period",
    ];

    /// <summary>Values that may be refused, of every kind and for every kind.</summary>
    private static readonly string[] Hostile =
    [
        "", " ", "text", "-", "-1", "0", "1", "2", "+1", "01", " 1", "1 ", "1.5", "0x10", "1e3", "99", "100", "101", "1000", "1001", "1024", "65535",
        "65536", "1048575", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "-2147483649", "-9223372036854775808", "1kb", "1K", "1mb", "2gb", "1b", "kb", "1kk",
        "%", "1%", "100%", "101%", "-1%", "YES", "no", "No", "true", "a b", "a/b", "a\\b", "a\nb", "777", "0777", "888", "save nosave", "now  save",
        "50 99.9", "1 2 3", "60 1", "60 1 ", "normal 1gb 2gb 3", "normal 1 2", "normal 1 2 -3", "{title", "{nosuch}", "KEA", "\u00e9", "\u00ff",
    ];

    /// <summary>A change of these would shut the test out, and those that move the door are tested by themselves.</summary>
    private static readonly string[] Untouched = ["requirepass", "bind", "port", "unixsocket", "maxclients", "shutdown-on-sigterm"];

    /// <summary>
    /// A value that Galley takes and this build of redis-server does not: Galley's arena needs no jemalloc, and it has the
    /// classes of events that Redis 8.2 has, of which "no" is two.
    /// </summary>
    private static bool IsTakenByGalleyAlone(string name, string value) =>
        (name == "activedefrag" && value.Equals("yes", StringComparison.OrdinalIgnoreCase)) || (name == "notify-keyspace-events" && value == "no");

    [Fact]
    public void Every_directive_is_known_with_its_default()
    {
        Oracle.DemandRedis();
        Oracle.DemandGalley();
        using ServerProcess redis = ServerProcess.StartRedisOn("save 3600 1 300 100 60 10000\nappendonly no\n");
        using ServerProcess galley = ServerProcess.StartGalleyOn("save 3600 1 300 100 60 10000\nappendonly no\n");
        Dictionary<string, string> expected = All(redis);
        Dictionary<string, string> actual = All(galley);
        string[] ofTheProcess = ["port", "dir"];

        Assert.Equal(expected.Keys.Union(More).Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(expected.Keys.Except(ofTheProcess).Where(name => expected[name] != actual[name] && !OtherDefaults.ContainsKey(name))
            .Select(name => $"{name}: redis '{expected[name]}', galley '{actual[name]}'"));
        Assert.All(OtherDefaults.Keys, name => Assert.NotEqual(expected[name], actual[name]));

        using RespConnection connection = galley.Connect();
        Assert.All(Hidden, name => Assert.Equal(2, connection.Ask("CONFIG", "GET", name).Items.Count));
        Assert.DoesNotContain(actual.Keys, Hidden.Contains);
    }

    [Fact]
    public void Config_set_says_what_redis_says_of_every_value()
    {
        Oracle.DemandRedis();
        Oracle.DemandGalley();
        const string Common = "save \"\"\nappendonly no\nenable-protected-configs yes\nactivedefrag no\n";
        using ServerProcess redis = ServerProcess.StartRedisOn(Common);
        using ServerProcess galley = ServerProcess.StartGalleyOn(Common);
        using RespConnection oracle = redis.Connect();
        using RespConnection ours = galley.Connect();
        var differences = new List<string>();
        int compared = 0;
        foreach (string name in All(redis).Keys.Concat(Hidden).Except(Untouched).Order(StringComparer.Ordinal))
        {
            string before = oracle.Ask("CONFIG", "GET", name).Items[1].Text;
            string ownBefore = ours.Ask("CONFIG", "GET", name).Items[1].Text;
            foreach (string value in Hostile.Where(value => !IsTakenByGalleyAlone(name, value)))
            {
                string expected = Outcome(oracle, name, value).Replace(redis.Directory, "FOLDER", StringComparison.Ordinal);
                string actual = Outcome(ours, name, value).Replace(galley.Directory, "FOLDER", StringComparison.Ordinal);
                compared++;
                if (expected != actual) differences.Add($"{name} '{value}'\n    redis  {expected}\n    galley {actual}");
                oracle.Ask("CONFIG", "SET", name, before);
                ours.Ask("CONFIG", "SET", name, ownBefore);
            }
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {compared} differ:\n{string.Join('\n', differences)}");
        Assert.True(compared > 10_000, $"only {compared} were compared");
    }

    /// <summary>The reply to CONFIG SET, and what CONFIG GET says after it.</summary>
    private static string Outcome(RespConnection connection, string name, string value)
    {
        string reply = connection.Ask("CONFIG", "SET", name, value).Text;
        return $"{reply} => {connection.Ask("CONFIG", "GET", name).Items[1].Text}";
    }

    private static Dictionary<string, string> All(ServerProcess server)
    {
        using RespConnection connection = server.Connect();
        return connection.Ask("CONFIG", "GET", "*").Items.Chunk(2).ToDictionary(pair => pair[0].Text, pair => pair[1].Text);
    }
}
