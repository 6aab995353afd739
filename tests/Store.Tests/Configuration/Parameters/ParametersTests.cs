using Galley.Store.Configuration;
using Xunit;

namespace Galley.Store.Tests.Configuration;

public sealed class ParametersTests
{
    private readonly Settings _settings = new();

    private Parameters Parameters => _settings.Parameters;

    [Theory]
    [InlineData("port", "abc", "argument couldn't be parsed into an integer")]
    [InlineData("port", "70000", "argument must be between 0 and 65535 inclusive")]
    [InlineData("hz", "+5", "argument couldn't be parsed into an integer")]
    [InlineData("hz", "", "argument couldn't be parsed into an integer")]
    [InlineData("maxclients", "0", "argument must be between 1 and 4294967295 inclusive")]
    [InlineData("maxmemory", "1x", "argument must be a memory value")]
    [InlineData("maxmemory", "1.5gb", "argument must be a memory value")]
    [InlineData("appendonly", "maybe", "argument must be 'yes' or 'no'")]
    [InlineData("appendfsync", "foo", "argument(s) must be one of the following: everysec, always, no")]
    [InlineData("loglevel", "foo", "argument(s) must be one of the following: debug, verbose, notice, warning")]
    [InlineData("maxmemory-policy", "foo", "argument(s) must be one of the following: volatile-lru, volatile-lfu, "
        + "volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction")]
    [InlineData("databases", "5", "can't set immutable config")]
    [InlineData("unixsocketperm", "888", "can't set immutable config")]
    [InlineData("dir", "/tmp", "can't set protected config")]
    [InlineData("notify-keyspace-events", "KEQ", "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")]
    [InlineData("client-output-buffer-limit", "normal 1", "Wrong number of arguments in buffer limit configuration.")]
    [InlineData("client-output-buffer-limit", "foo 1 2 3", "Invalid client class specified in buffer limit configuration.")]
    [InlineData("client-output-buffer-limit", "normal 1mb 2x 3",
        "Error in hard, soft or soft_seconds setting in buffer limit configuration.")]
    [InlineData("save", "900", "Invalid save parameters")]
    [InlineData("save", "0 1", "Invalid save parameters")]
    [InlineData("save", "900  1", "Invalid save parameters")]
    [InlineData("proto-max-bulk-len", "10", "argument must be between 1048576 and 9223372036854775807 inclusive")]
    [InlineData("slowlog-log-slower-than", "-2", "argument must be between -1 and 9223372036854775807 inclusive")]
    [InlineData("zset-max-listpack-value", "-1", "argument must be a memory value")]
    [InlineData("zset-max-listpack-value", "9223372036854775808", "argument must be between 0 and 9223372036854775807 inclusive")]
    [InlineData("maxmemory-clients", "101%", "percentage argument must be less or equal to 100")]
    [InlineData("maxmemory-clients", "-1%", "argument must be a memory or percent value")]
    [InlineData("latency-tracking-info-percentiles", "101", "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]")]
    [InlineData("latency-tracking-info-percentiles", "50  99", "Invalid latency-tracking-info-percentiles parameters")]
    [InlineData("shutdown-on-sigterm", "save nosave", "shutdown options SAVE and NOSAVE can't be used simultaneously")]
    [InlineData("shutdown-on-sigint", "", "argument(s) must be one of the following: default, save, nosave, now, force")]
    [InlineData("repl-diskless-load", "x", "argument(s) must be one of the following: disabled, on-empty-db, swapdb")]
    [InlineData("cluster-announce-hostname", "a_b", "Hostnames may only contain alphanumeric characters, hyphens or dots")]
    [InlineData("proc-title-template", "{nosuch}", "template format is invalid or contains unknown variables")]
    [InlineData("proc-title-template", "", "template format is invalid or contains unknown variables")]
    [InlineData("oom-score-adj-values", "1 2 2001", "Invalid oom-score-adj-values, elements must be between -2000 and 2000.")]
    [InlineData("tls-port", "6380", "Unable to update TLS configuration. Check server logs.")]
    [InlineData("replicaof", "127.0.0.1 6379", "can't set immutable config")]
    public void A_bad_value_is_refused_in_the_words_of_redis_server(string name, string value, string error)
    {
        string before = Parameters.Find(name)!.Text;

        Assert.Equal($"ERR CONFIG SET failed (possibly related to argument '{name}') - {error}", Parameters.TrySet([name, value]));

        Assert.Equal(before, Parameters.Find(name)!.Text);
    }

    [Theory]
    [InlineData("maxmemory", "1gb", "1073741824")]
    [InlineData("maxmemory", "5B", "5")]
    [InlineData("maxmemory", "gb", "0")]
    [InlineData("maxmemory", "2k", "2000")]
    [InlineData("maxmemory", "99999999999999999999", "18446744073709551615")]
    [InlineData("maxmemory-clients", "5%", "5%")]
    [InlineData("maxmemory-clients", "1mb", "1048576")]
    [InlineData("repl-backlog-size", "1", "16384")]
    [InlineData("latency-tracking-info-percentiles", "99.123456789 0.10 1e1 100", "99.123457 0.1 10 100")]
    [InlineData("latency-tracking-info-percentiles", "", "")]
    [InlineData("shutdown-on-sigterm", "now SAVE", "save now")]
    [InlineData("shutdown-on-sigterm", "default", "default")]
    [InlineData("repl-diskless-load", "flushdb", "flushdb")]
    [InlineData("cluster-preferred-endpoint-type", "UNKNOWN-ENDPOINT", "unknown-endpoint")]
    [InlineData("slave-priority", "7", "7")]
    [InlineData("save", "+60 0", "60 0")]
    [InlineData("oom-score-adj-values", "-2000 +5 2000", "-2000 5 2000")]
    [InlineData("proc-title-template", "{{title} {port}", "{{title} {port}")]
    [InlineData("appendonly", "NO", "no")]
    [InlineData("loglevel", "DEBUG", "debug")]
    [InlineData("maxmemory-policy", "allkeys-lru", "allkeys-lru")]
    [InlineData("hz", "0", "1")]
    [InlineData("hz", "1000", "500")]
    [InlineData("save", "900 1 300 10", "900 1 300 10")]
    [InlineData("save", "", "")]
    [InlineData("notify-keyspace-events", "KEA", "AKE")]
    [InlineData("notify-keyspace-events", "Kn", "nK")]
    [InlineData("notify-keyspace-events", "KAn", "AK")]
    [InlineData("notify-keyspace-events", "mnd", "dnm")]
    [InlineData("notify-keyspace-events", "Kg$lshzxetdmn", "AKm")]
    [InlineData("client-output-buffer-limit", "normal 1mb 2mb 3 pubsub 1 2 3", "normal 1048576 2097152 3 slave 268435456 67108864 60 pubsub 1 2 3")]
    [InlineData("client-output-buffer-limit", "replica 1 2 3", "normal 0 0 0 slave 1 2 3 pubsub 33554432 8388608 60")]
    [InlineData("client-output-buffer-limit", "", "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60")]
    [InlineData("lua-time-limit", "7", "7")]
    public void A_value_is_printed_as_redis_server_prints_it(string name, string value, string text)
    {
        Assert.Null(Parameters.TrySet([name, value]));

        Assert.Equal(text, Parameters.Find(name)!.Text);
    }

    [Fact]
    public void An_unknown_name_is_named() => Assert.Equal(
        "ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'", Parameters.TrySet(["hz", "bad", "nosuch", "1"]));

    [Fact]
    public void A_name_without_a_value_is_a_syntax_error() =>
        Assert.Equal("ERR syntax error", Parameters.TrySet(["hz", "5", "timeout"]));

    [Fact]
    public void The_same_name_twice_is_refused_in_any_case() => Assert.Equal(
        "ERR CONFIG SET failed (possibly related to argument 'hz') - duplicate parameter", Parameters.TrySet(["HZ", "15", "hz", "12"]));

    [Fact]
    public void Setting_many_sets_nothing_if_one_value_is_bad()
    {
        string? error = Parameters.TrySet(["timeout", "3", "lua-time-limit", "9", "busy-reply-threshold", "10", "hz", "foo"]);

        Assert.EndsWith("argument couldn't be parsed into an integer", error);
        Assert.Equal(0, _settings.Timeout);
        Assert.Equal(5000, _settings.BusyReplyThresholdMs);
    }

    [Fact]
    public void A_change_that_its_applier_refuses_is_undone_with_all_beside_it()
    {
        var seen = new List<int>();
        Parameters.OnChange("timeout", () => { seen.Add(_settings.Timeout); return null; });
        Parameters.OnChange("port", () => _settings.Port == 1 ? "Unable to listen on this port" : null);

        string? error = Parameters.TrySet(["timeout", "3", "port", "1"]);

        Assert.Equal("ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port", error);
        Assert.Equal([3, 0], seen);
        Assert.Equal(6379, _settings.Port);
    }

    [Fact]
    public void An_applier_is_not_called_where_the_value_stays()
    {
        bool isCalled = false;
        Parameters.OnChange("hz", () => { isCalled = true; return null; });

        Assert.Null(Parameters.TrySet(["hz", "10"]));

        Assert.False(isCalled);
    }

    [Fact]
    public void Protected_parameters_may_change_from_this_machine_where_that_is_allowed()
    {
        Parameters.Load("enable-protected-configs", ["local"]);

        Assert.NotNull(Parameters.TrySet(["dbfilename", "a.rdb"], fromThisMachine: false));
        Assert.Null(Parameters.TrySet(["dbfilename", "a.rdb"], fromThisMachine: true));
        Assert.Equal("ERR CONFIG SET failed (possibly related to argument 'dir') - No such file or directory",
            Parameters.TrySet(["dir", "/no/such/folder"], fromThisMachine: true));
    }

    [Fact]
    public void A_plain_name_is_listed_once_and_spelt_as_it_was_asked_for() =>
        Assert.Equal([new("HZ", "10")], Parameters.List("HZ", "hz", "h?", "nosuch"));

    [Fact]
    public void A_hidden_parameter_is_found_by_its_name_alone()
    {
        Assert.Single(Parameters.List("key-load-delay"));
        Assert.Empty(Parameters.List("key-load-*"));
    }

    [Fact]
    public void What_has_no_effect_is_told_where_somebody_gave_it_another_value()
    {
        Parameters.Load("io-threads", ["4"]);
        Parameters.Load("rdbcompression", ["yes"]);
        Parameters.Load("hz", ["20"]);

        Assert.Equal(["io-threads"], Parameters.GivenWithoutEffect.Select(given => given.Name));
    }

    [Theory]
    [InlineData("tls-port", "6380")]
    [InlineData("cluster-enabled", "yes")]
    [InlineData("aclfile", "users.acl")]
    [InlineData("replicaof", "127.0.0.1 6379")]
    public void What_cannot_be_served_is_refused_at_the_start_unless_it_is_the_default(string name, string value)
    {
        string before = Parameters.Find(name)!.Text;

        Assert.Contains("Galley", Parameters.Load(name, [value]), StringComparison.Ordinal);

        Assert.Equal(before, Parameters.Find(name)!.Text);
        if (name != "replicaof") Assert.Null(Parameters.Load(name, [before]));
    }

    [Fact]
    public void The_limit_of_clients_is_a_part_of_the_whole()
    {
        Parameters.Load("maxmemory-clients", ["5%"]);

        Assert.Equal(50, _settings.MaxMemoryClients.BytesOf(1000));
    }

    [Fact]
    public void A_pattern_lists_the_old_names_too() => Assert.Equal(
        ["hash-max-ziplist-entries", "hash-max-ziplist-value"], Parameters.List("hash-max-ZIP*").Select(found => found.Key).Order());

    [Theory]
    [InlineData("h[a-z]", true)]
    [InlineData("h[^z]", false)]
    [InlineData("*z", true)]
    [InlineData("*z*z", false)]
    [InlineData("h\\z*", true)]
    [InlineData("h[xyz", true)]
    [InlineData("?", false)]
    [InlineData("**", true)]
    public void A_pattern_is_matched_as_by_redis_server(string pattern, bool isFound) =>
        Assert.Equal(isFound, Parameters.List(pattern).Exists(found => found.Key == "hz"));

    [Fact]
    public void Every_default_reads_back_as_its_own_text()
    {
        foreach ((string name, string text) in Parameters.List("*").Where(pair => pair.Key is not ("replicaof" or "slaveof")))
        {
            Assert.True(Parameters.Load(name, [text], adds: false) is null, name);
            Assert.Equal(text, Parameters.Find(name)!.Text);
        }
    }
}
