using Galley.Store.Observability;

namespace Galley.Store.Tests.Commands.Server;

public sealed class InfoTests
{
    private const string Default =
        "Server Clients Memory Persistence Stats Replication CPU Modules Errorstats Cluster Keyspace Galley";

    [Theory]
    [InlineData("INFO", Default)]
    [InlineData("INFO default", Default)]
    [InlineData("INFO everything", Default)]
    [InlineData("INFO ALL", Default)]
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
        Assert.Equal("keys=1,expires=0,avg_ttl=0,subexpires=0", Field(client, "db0"));
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
