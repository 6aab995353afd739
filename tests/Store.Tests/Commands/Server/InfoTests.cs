using Galley.Store.Observability;

namespace Galley.Store.Tests.Commands.Server;

public sealed class InfoTests
{
    private const string Default =
        "Server Clients Memory Persistence Stats Replication CPU Modules Errorstats Cluster Keyspace Keysizes Galley";

    private const string Everything =
        "Server Clients Memory Persistence Stats Replication CPU Modules Commandstats Errorstats Latencystats Cluster Keyspace Keysizes Galley";

    [Theory]
    [InlineData("INFO", Default)]
    [InlineData("INFO default", Default)]
    [InlineData("INFO everything", Everything)]
    [InlineData("INFO ALL", Everything)]
    [InlineData("INFO latencystats default commandstats", Everything)]
    [InlineData("INFO Module_List", "Modules")]
    [InlineData("INFO keyspace Server server", "Server Keyspace")]
    [InlineData("INFO cpu nonsense", "CPU")]
    [InlineData("INFO nonsense", "")]
    public void Sections_come_in_their_order_once_each(string command, string expected)
    {
        using var fixture = new EngineFixture();
        string[] words = fixture.Connect().Run(command).Split(' ');
        Assert.Equal(expected, string.Join(' ', words.Zip(words.Skip(1)).Where(pair => pair.First == "#").Select(pair => pair.Second)));
    }

    [Fact]
    public void Figures_follow_what_happens()
    {
        using var fixture = new EngineFixture(partitions: 4);
        TestClient client = fixture.Connect();
        long before = Figure(client, "used_memory");
        client.Run("SET a 1");
        client.Run("SET", "b", new string('v', 100_000), "EX", "10");
        client.Run("GET a");
        client.Run("GET none");
        client.Run("INCR b");
        fixture.Time.Advance(90_000);
        client.Run("GET b");
        fixture.Connect().Run("SUBSCRIBE c");
        Assert.Equal("keys=1,expires=0,avg_ttl=0", Field(client, "db0"));
        Assert.Equal(1, Figure(client, "expired_keys"));
        Assert.Equal(2, Figure(client, "keyspace_misses"));
        Assert.Equal("count=1", Field(client, "errorstat_ERR"));
        Assert.Equal(1, Figure(client, "pubsub_channels"));
        Assert.Equal(90, Figure(client, "uptime_in_seconds"));
        Assert.InRange(Figure(client, "used_memory") - before, 1, 50_000);
        Assert.Equal(40, Field(client, "run_id").Length);
        client.Run("CONFIG RESETSTAT");
        Assert.Equal(0, Figure(client, "keyspace_misses"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16384)]
    public void The_average_time_to_live_is_that_of_the_keys_that_expire(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        client.Run("SET a 1 PX 10000");
        client.Run("SET b 1 PX 30000");
        client.Run("SET c 1");
        Assert.Equal("keys=3,expires=2,avg_ttl=20000", Field(client, "db0"));
        client.Run("PEXPIRE a 50000");
        Assert.Equal("keys=3,expires=2,avg_ttl=40000", Field(client, "db0"));
        fixture.Time.Advance(5000);
        Assert.Equal("keys=3,expires=2,avg_ttl=35000", Field(client, "db0"));
        client.Run("DEL b");
        Assert.Equal("keys=2,expires=1,avg_ttl=45000", Field(client, "db0"));
        client.Run("PERSIST a");
        Assert.Equal("keys=2,expires=0,avg_ttl=0", Field(client, "db0"));
        client.Run("SET a 1 PXAT 9223372036854775807");
        client.Run("SET b 1 PXAT 9223372036854775807");
        Assert.StartsWith("keys=3,expires=2,avg_ttl=922337", Field(client, "db0"), StringComparison.Ordinal);
        client.Run("SET a 2");
        client.Run("FLUSHALL");
        Assert.DoesNotContain("db0:", client.Run("INFO keyspace"), StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_clients_follow_what_they_do()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        TestClient other = fixture.Connect();
        client.Run("WATCH a b");
        other.Run("WATCH b");
        other.Run("SUBSCRIBE c");
        Assert.Equal(2, Figure(client, "watching_clients"));
        Assert.Equal(2, Figure(client, "total_watched_keys"));
        Assert.Equal(1, Figure(client, "pubsub_clients"));
        client.Run("UNWATCH");
        Assert.Equal(1, Figure(client, "watching_clients"));
        Assert.Equal(1, Figure(client, "total_watched_keys"));
    }

    [Fact]
    public void Wrong_passwords_are_counted()
    {
        using var fixture = new EngineFixture(configure: settings => settings.RequirePass = "secret");
        TestClient client = fixture.Connect();
        client.Run("AUTH wrong");
        client.Run("AUTH nobody secret");
        client.Run("HELLO 3 AUTH default wrong");
        client.Run("AUTH secret");
        Assert.Equal(3, Figure(client, "acl_access_denied_auth"));
        client.Run("CONFIG RESETSTAT");
        Assert.Equal(0, Figure(client, "acl_access_denied_auth"));
    }

    [Fact]
    public void Commands_have_their_counts_and_latencies()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET k text");
        client.Run("GET k");
        client.Run("GET k");
        client.Run("GET");
        client.Run("INCR k");
        client.Run("CLIENT GETNAME");
        string info = client.Run("INFO commandstats latencystats");
        Assert.Matches("cmdstat_get:calls=2,usec=[0-9]+,usec_per_call=[0-9]+\\.[0-9]{2},rejected_calls=1,failed_calls=0 ", info);
        Assert.Matches("cmdstat_incr:calls=1,usec=[0-9]+,usec_per_call=[0-9]+\\.[0-9]{2},rejected_calls=0,failed_calls=1 ", info);
        Assert.Matches("cmdstat_client\\|getname:calls=1,", info);
        Assert.Matches("latency_percentiles_usec_get:p50=[0-9]+\\.[0-9]{3},p99=[0-9]+\\.[0-9]{3},p99.9=[0-9]+\\.[0-9]{3} ", info);
        client.Run("CONFIG", "SET", "latency-tracking-info-percentiles", "0 99.999");
        Assert.Matches("latency_percentiles_usec_get:p0=[0-9.]+,p99.999=[0-9.]+ ", client.Run("INFO latencystats"));
        Assert.DoesNotContain("cmdstat_mget", info, StringComparison.Ordinal);
        client.Run("CONFIG RESETSTAT");
        Assert.DoesNotContain("cmdstat_get:", client.Run("INFO commandstats"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_that_a_client_made_is_no_field_of_its_own()
    {
        using var fixture = new EngineFixture();
        fixture.Server.Stats.CountError("a:1\r\n#x");
        Assert.Equal("count=1", Field(fixture.Connect(), "errorstat_a_1___x"));
    }

    [Fact]
    public void A_pause_of_the_collector_is_noticed()
    {
        CollectorPauses pauses = CollectorPauses.Watch();
        for (int i = 0; i < 50 && pauses.MaxMicroseconds == 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.InRange(pauses.MaxMicroseconds, 1, long.MaxValue);
        GC.KeepAlive(pauses);
    }

    private static long Figure(TestClient client, string name) => long.Parse(Field(client, name));

    private static string Field(TestClient client, string name)
    {
        string info = client.Run("INFO");
        string line = Assert.Single(info.Split(' '), word => word.StartsWith(name + ":", StringComparison.Ordinal));
        return line[(name.Length + 1)..];
    }
}
