using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>INFO beside redis-server's: every section and field, in its order, and the values that what was done determines.</summary>
public sealed class InfoTests
{
    /// <summary>What Galley has beyond 7.0.15.</summary>
    private static readonly Dictionary<string, string> Added = new()
    {
        ["galley_version"] = "Galley's own version, beside the one that clients go by",
        ["listener0"] = "Redis 7.2",
        ["pubsub_clients"] = "Redis 7.4",
        ["watching_clients"] = "Redis 7.4",
        ["total_watched_keys"] = "Redis 7.4",
        ["total_blocking_keys"] = "Redis 7.2",
        ["total_blocking_keys_on_nokey"] = "Redis 7.2",
        ["paused_reason"] = "Valkey 8.0",
        ["paused_actions"] = "Valkey 8.0",
        ["paused_timeout_milliseconds"] = "Valkey 8.0",
        ["expired_subkeys"] = "Redis 7.4",
        ["evicted_scripts"] = "Redis 7.4",
        ["client_query_buffer_limit_disconnections"] = "Redis 7.2",
        ["client_output_buffer_limit_disconnections"] = "Redis 7.2",
        ["acl_access_denied_auth"] = "Redis 7.2",
        ["acl_access_denied_cmd"] = "Redis 7.2",
        ["acl_access_denied_key"] = "Redis 7.2",
        ["acl_access_denied_channel"] = "Redis 7.2",
        ["allocator_muzzy"] = "Redis 7.4",
        ["mem_overhead_db_hashtable_rehashing"] = "Redis 7.4",
        ["backup_in_progress"] = "Redis 8.10",
        ["# Keysizes"] = "Redis 8.0",
    };

    [Theory]
    [InlineData("no", "INFO")]
    [InlineData("no", "INFO all")]
    [InlineData("no", "INFO everything")]
    [InlineData("no", "INFO default")]
    [InlineData("yes", "INFO persistence")]
    [InlineData("no", "INFO cpu server nonsense MEMORY Server")]
    [InlineData("no", "INFO commandstats default")]
    [InlineData("no", "INFO module_list")]
    public void Sections_and_fields_are_those_of_redis_in_its_order(string appendonly, string command)
    {
        Oracle.DemandRedis();
        using ServerProcess redis = ServerProcess.StartRedis("--appendonly", appendonly);
        using ServerProcess galley = ServerProcess.StartGalley("--appendonly", appendonly);
        Assert.Equal(Names(redis, command), Names(galley, command));
    }

    [Fact]
    public void Values_follow_what_was_done()
    {
        Oracle.DemandRedis();
        Oracle.DemandGalley();
        using ServerProcess redis = ServerProcess.StartRedis();
        using ServerProcess galley = ServerProcess.StartGalley();
        Dictionary<string, string> expected = Play(redis);
        Dictionary<string, string> actual = Play(galley);
        string[] fields =
        [
            "connected_clients", "maxclients", "blocked_clients", "tracking_clients", "clients_in_timeout_table", "maxmemory", "maxmemory_human",
            "maxmemory_policy", "loading", "rdb_changes_since_last_save", "rdb_last_bgsave_status", "aof_enabled", "aof_rewrites",
            "total_connections_received", "total_commands_processed", "total_net_input_bytes", "total_reads_processed",
            "rejected_connections", "expired_keys", "evicted_keys", "keyspace_hits", "keyspace_misses",
            "pubsub_channels", "pubsub_patterns", "pubsubshard_channels", "total_forks", "total_error_replies", "unexpected_error_replies",
            "role", "connected_slaves", "master_failover_state", "master_replid2", "master_repl_offset", "second_repl_offset",
            "repl_backlog_active", "repl_backlog_size", "repl_backlog_histlen", "cluster_enabled", "db0", "db3", "errorstat_ERR",
            "errorstat_WRONGPASS", "errorstat_hello", "redis_mode", "arch_bits", "multiplexing_api", "uptime_in_days", "hz", "configured_hz",
            "config_file", "io_threads_active", "process_supervised", "os",
        ];
        string[] differences = [.. fields.Where(field => expected.GetValueOrDefault(field) != actual.GetValueOrDefault(field))
            .Select(field => $"{field}: redis {expected.GetValueOrDefault(field)}, galley {actual.GetValueOrDefault(field)}")];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
        Assert.Equal("1", actual["acl_access_denied_auth"]);
    }

    [Fact]
    public void Values_of_the_process_are_its_own()
    {
        Oracle.DemandGalley();
        using ServerProcess galley = ServerProcess.StartGalley();
        Dictionary<string, string> info = Fields(galley, "INFO everything");
        Assert.Equal("7.4.0", info["redis_version"]);
        Assert.Equal(galley.Id.ToString(CultureInfo.InvariantCulture), info["process_id"]);
        Assert.Equal(galley.Port.ToString(CultureInfo.InvariantCulture), info["tcp_port"]);
        Assert.Equal(Executables.Galley, info["executable"]);
        Assert.Contains($"port={galley.Port}", info["listener0"], StringComparison.Ordinal);
        Assert.InRange(Number(info, "used_memory_rss"), galley.ResidentBytes() / 2, galley.ResidentBytes() * 2);
        long nowSeconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(Number(info, "server_time_usec") / 1_000_000, nowSeconds - 10, nowSeconds);
        Assert.InRange(Number(info, "lru_clock"), (nowSeconds - 10) & 0xFFFFFF, nowSeconds & 0xFFFFFF);
        Assert.InRange(Number(info, "rdb_last_save_time"), nowSeconds - 30, nowSeconds);
        Assert.True(double.Parse(info["used_cpu_user"], CultureInfo.InvariantCulture) > 0);
        Assert.Equal(40, info["run_id"].Length);
        Assert.NotEqual(info["run_id"], info["master_replid"]);
    }

    [Fact]
    public void Memory_figures_agree_with_each_other()
    {
        Oracle.DemandGalley();
        using ServerProcess galley = ServerProcess.StartGalley();
        using RespConnection client = galley.Connect();
        client.Ask("DEBUG", "POPULATE", "100000", "key", "100");
        Dictionary<string, string> info = Fields(galley, "INFO memory");
        long used = Number(info, "used_memory");
        Assert.InRange(used, 100_000 * 110, 100_000 * 160);
        Assert.Equal(used, Number(info, "used_memory_overhead") + Number(info, "used_memory_dataset"));
        Assert.InRange(Number(info, "used_memory_overhead") - Number(info, "mem_clients_normal"), 100_000 * 8, 100_000 * 12);
        long given = Number(info, "allocator_allocated");
        Assert.Equal(used, given + Number(info, "mem_clients_normal") + Number(info, "mem_aof_buffer"));
        Assert.Equal(Number(info, "allocator_active") - given, Number(info, "allocator_frag_bytes"));
        Assert.InRange(Number(info, "allocator_active"), given, Number(info, "allocator_resident"));
        Assert.InRange(Number(info, "used_memory_peak"), used, long.MaxValue);
        client.Ask("FLUSHALL");
        Assert.True(SpinWait.SpinUntil(() => Number(Fields(galley, "INFO memory"), "allocator_allocated") == 0, 10_000));
        client.Ask("MEMORY", "PURGE");
        Dictionary<string, string> after = Fields(galley, "INFO memory");
        Assert.Equal(Number(after, "allocator_active"), Number(after, "allocator_resident"));
        Assert.InRange(Number(after, "used_memory_peak"), used / 2, long.MaxValue);
    }

    [Fact]
    public void Resetstat_sets_the_counters_to_zero()
    {
        Oracle.DemandRedis();
        Oracle.DemandGalley();
        using ServerProcess redis = ServerProcess.StartRedis();
        using ServerProcess galley = ServerProcess.StartGalley();
        string[] zero =
        [
            "total_connections_received", "total_commands_processed", "keyspace_hits", "keyspace_misses", "expired_keys", "total_error_replies",
            "rejected_connections", "evicted_keys", "errorstat_ERR",
        ];
        foreach (ServerProcess server in (ServerProcess[])[redis, galley])
        {
            Play(server);
            using RespConnection client = server.Connect();
            client.Ask("CONFIG", "RESETSTAT");
            Dictionary<string, string> info = Parse(client.Ask("INFO", "stats", "errorstats").Text);
            // The INFO that asks is itself not counted yet; the reset was when it began.
            string[] kept = [.. zero.Where(field => info.GetValueOrDefault(field, "0") is not ("0" or "1"))];
            Assert.True(kept.Length == 0, $"{server.Name} keeps {string.Join(", ", kept.Select(field => $"{field}={info[field]}"))}");
        }
    }

    /// <summary>The same on any server: keys in two databases, misses, errors, a subscriber, a key that expires.</summary>
    private static Dictionary<string, string> Play(ServerProcess server)
    {
        using RespConnection client = server.Connect();
        using RespConnection listener = server.Connect();
        client.Ask("CONFIG", "RESETSTAT");
        string[] commands =
        [
            "SET a 1", "SET b 2 EX 100", "PERSIST b", "SET c 3 PX 1", "GET a", "GET none", "INCR a", "INCRBY a x", "SET a", "BOGUS",
            "DEBUG ERROR hello", "AUTH nobody wrong", "SELECT 3", "SET d 4", "SELECT 0", "WATCH a", "UNWATCH",
        ];
        foreach (string command in commands) client.Ask(command.Split(' '));
        listener.Ask("SUBSCRIBE", "channel");
        Thread.Sleep(300);
        client.Ask("GET", "c");
        return Parse(client.Ask("INFO", "everything").Text);
    }

    private static string[] Names(ServerProcess server, string command) =>
        [.. Lines(server, command).Select(line => line.StartsWith('#') ? line : line[..line.IndexOf(':', StringComparison.Ordinal)])
            .TakeWhile(name => name != "# Galley").Where(name => !Added.ContainsKey(name) && !IsFree(name))];

    /// <summary>A line for each command or error that came: which ones, the two servers need not agree on before anything was asked.</summary>
    private static bool IsFree(string name) =>
        name.StartsWith("cmdstat_", StringComparison.Ordinal) || name.StartsWith("errorstat_", StringComparison.Ordinal)
        || name.StartsWith("latency_percentiles", StringComparison.Ordinal) || name.Contains("_distrib_", StringComparison.Ordinal);

    private static string[] Lines(ServerProcess server, string command)
    {
        using RespConnection client = server.Connect();
        return client.Ask(command.Split(' ')).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private static Dictionary<string, string> Fields(ServerProcess server, string command)
    {
        using RespConnection client = server.Connect();
        return Parse(client.Ask(command.Split(' ')).Text);
    }

    private static Dictionary<string, string> Parse(string info) =>
        info.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private static long Number(Dictionary<string, string> info, string field) => long.Parse(info[field], CultureInfo.InvariantCulture);
}
