using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance;

/// <summary>What COMMAND says about each command that both know: clients route, and redis-cli hints, by it.</summary>
public sealed class CommandTableTests(Fleet fleet)
{
    private const int ArityAt = 1;
    private const int FlagsAt = 2;
    private const int SpecificationsAt = 8;
    private const int SubcommandsAt = 9;
    private static readonly string[] InfoFields = ["name", "arity", "flags", "first key", "last key", "step", "categories", "tips", "key specifications"];

    // Their grammar has grown since 7.0.15, so their arguments are compared with no one.
    private static readonly string[] GrownSince = ["set", "hscan", "bgsave", "client|list", "client|kill", "client|setinfo",
        "zrank", "zrevrank", "zscan", "zunion", "zinter", "zunionstore", "zinterstore", "geosearch", "geosearchstore", "bitcount", "bitop", "xadd", "xtrim", "xread", "xreadgroup"];

    // They take more words than they did.
    private static readonly string[] LongerSince = ["zrank", "zrevrank"];

    [Fact]
    public void COMMAND_INFO_says_what_redis_says_of_every_command_that_both_know()
    {
        using RespConnection oracle = fleet.Redis.Connect();
        using RespConnection ours = fleet.Galley().Connect();
        var differences = new List<string>();
        foreach (string name in Shared(oracle, ours))
        {
            Reply expected = oracle.Ask("COMMAND", "INFO", name);
            Reply actual = ours.Ask("COMMAND", "INFO", name);
            Compare(name, expected.Items[0], actual.Items.Count > 0 ? actual.Items[0] : actual, differences);
        }
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));
    }

    [Fact]
    public void COMMAND_DOCS_has_the_group_the_version_and_the_arguments_that_redis_gives()
    {
        using RespConnection oracle = fleet.Redis.Connect();
        using RespConnection ours = fleet.Galley().Connect();
        var differences = new List<string>();
        foreach (string name in Shared(oracle, ours))
        {
            Dictionary<string, Reply> expected = Map(oracle.Ask("COMMAND", "DOCS", name).Items[1]);
            Reply answer = ours.Ask("COMMAND", "DOCS", name);
            Dictionary<string, Reply> actual = answer.Items.Count == 2 ? Map(answer.Items[1]) : [];
            foreach (string field in (string[])["summary", "since", "group", "complexity"])
            {
                if (!expected.TryGetValue(field, out Reply? said)) continue;
                if (!actual.TryGetValue(field, out Reply? own)) differences.Add($"{name}: no {field}");
                else if (field is "since" or "group" && own.Text != said.Text) differences.Add($"{name}: {field} is {own.Text}, redis says {said.Text}");
            }
            if (GrownSince.Contains(name)) continue;
            if (!expected.TryGetValue("arguments", out Reply? a)) continue;
            string wanted = Arguments(a);
            string got = actual.TryGetValue("arguments", out Reply? b) ? Arguments(b) : "none";
            if (wanted != got) differences.Add($"{name}: arguments\n    redis    {wanted}\n    galley   {got}");
        }
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));
    }

    [Fact]
    public void INFO_and_CLIENT_LIST_have_every_field_that_tools_read()
    {
        using RespConnection oracle = fleet.Redis.Connect();
        using RespConnection ours = fleet.Galley().Connect();
        string[] wanted =
        [
            "redis_version", "redis_mode", "os", "arch_bits", "process_id", "run_id", "tcp_port", "uptime_in_seconds", "uptime_in_days", "hz",
            "config_file", "connected_clients", "maxclients", "blocked_clients", "used_memory", "used_memory_human", "used_memory_rss",
            "used_memory_peak", "maxmemory", "maxmemory_policy", "mem_fragmentation_ratio", "loading", "rdb_changes_since_last_save",
            "rdb_bgsave_in_progress", "rdb_last_save_time", "aof_enabled", "aof_rewrite_in_progress", "aof_last_write_status",
            "total_connections_received", "total_commands_processed", "instantaneous_ops_per_sec", "rejected_connections", "expired_keys",
            "evicted_keys", "keyspace_hits", "keyspace_misses", "pubsub_channels", "pubsub_patterns", "role", "connected_slaves",
            "master_replid", "master_repl_offset", "used_cpu_sys", "used_cpu_user", "cluster_enabled",
        ];
        string info = ours.Ask("INFO").Text;
        Assert.DoesNotContain(wanted, field => !info.Contains($"\n{field}:", StringComparison.Ordinal));

        string[] fields = FieldsOf(oracle.Ask("CLIENT", "LIST").Text);
        Assert.Empty(fields.Except(FieldsOf(ours.Ask("CLIENT", "LIST").Text)));
    }

    private static string[] FieldsOf(string list) =>
        [.. list.Split('\n')[0].Split(' ').Where(f => f.Contains('=', StringComparison.Ordinal)).Select(f => f[..f.IndexOf('=', StringComparison.Ordinal)])];

    private static IEnumerable<string> Shared(RespConnection oracle, RespConnection ours)
    {
        var known = oracle.Ask("COMMAND", "LIST").Items.Select(r => r.Text).ToHashSet();
        return ours.Ask("COMMAND", "LIST").Items.Select(r => r.Text).Where(known.Contains).Order(StringComparer.Ordinal);
    }

    private static void Compare(string name, Reply oracle, Reply ours, List<string> differences)
    {
        if (ours.Items.Count != oracle.Items.Count)
        {
            differences.Add($"{name}: redis {oracle} galley {ours}");
            return;
        }
        for (int i = 0; i <= SpecificationsAt; i++)
        {
            if (i == ArityAt && LongerSince.Contains(name)) continue;
            string expected = Canonical(oracle.Items[i], isSet: i >= FlagsAt);
            string actual = Canonical(ours.Items[i], isSet: i >= FlagsAt);
            if (expected != actual) differences.Add($"{name}: {InfoFields[i]}\n    redis    {expected}\n    galley   {actual}");
        }
        var known = oracle.Items[SubcommandsAt].Items.ToDictionary(r => r.Items[0].Text);
        foreach (Reply subcommand in ours.Items[SubcommandsAt].Items)
        {
            string full = subcommand.Items[0].Text;
            if (known.TryGetValue(full, out Reply? same)) Compare(full, same, subcommand, differences);
        }
    }

    /// <summary>Flags, categories and tips are sets on the wire of RESP3: their order says nothing.</summary>
    private static string Canonical(Reply reply, bool isSet)
    {
        if (reply.Items.Count == 0) return reply.Text;
        IEnumerable<string> items = reply.Items.Select(r => Canonical(r, isSet && r.Items.All(c => c.Items.Count == 0 && c.Type == '+')));
        return "[" + string.Join(' ', isSet ? items.Order(StringComparer.Ordinal) : items) + "]";
    }

    private static Dictionary<string, Reply> Map(Reply flat) =>
        flat.Items.Chunk(2).ToDictionary(pair => pair[0].Text, pair => pair[1]);

    /// <summary>
    /// Names, types, tokens and flags of arguments, as one line. The name of a group of arguments is never shown, and whether
    /// words are joined by a dash or an underscore differs within redis-server itself: both count as texts.
    /// </summary>
    private static string Arguments(Reply arguments) => "(" + string.Join(' ', arguments.Items.Select(argument =>
    {
        Dictionary<string, Reply> map = Map(argument);
        string token = map.TryGetValue("token", out Reply? t) ? $"={t.Text}" : "";
        string flags = map.TryGetValue("flags", out Reply? f) ? "!" + string.Join(',', f.Items.Select(i => i.Text).Order(StringComparer.Ordinal)) : "";
        string inner = map.TryGetValue("arguments", out Reply? nested) ? Arguments(nested) : "";
        string name = inner.Length > 0 ? "" : map["name"].Text.Replace('_', '-');
        return $"{name}:{map["type"].Text}{token}{flags}{inner}";
    })) + ")";
}
