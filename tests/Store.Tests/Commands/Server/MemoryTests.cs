namespace Galley.Store.Tests.Commands.Server;

public sealed class MemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16384)]
    public void Stats_add_up(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        for (int i = 0; i < 2000; i++) client.Run("SET", $"key:{i}", "value", "EX", "1000");
        client.Run("SELECT 3");
        client.Run("SET other value");
        string[] words = client.Run("MEMORY STATS").Split(' ');
        Assert.Equal("*" + (2 * (27 + 2)), words[0]);
        long overhead = Figure("overhead.hashtable.main") + Figure("overhead.hashtable.expires");
        Assert.Equal(0, Figure("db.0", "*6") - 6);
        Assert.Equal(2001, Figure("keys.count"));
        Assert.InRange(Figure("overhead.total"), overhead + Figure("clients.normal"), overhead + Figure("clients.normal") + 100);
        Assert.Equal(Figure("total.allocated"), Figure("overhead.total") + Figure("dataset.bytes"));
        Assert.Equal(Figure("total.allocated") / 2001, Figure("keys.bytes-per-key"));
        Assert.InRange(Figure("overhead.hashtable.main"), 2000 * 8, 2000 * 24);
        Assert.InRange(Figure("overhead.hashtable.expires"), 2000 * 8, 2000 * 10);

        long Figure(string name, string type = ":")
        {
            int at = Array.IndexOf(words, name);
            Assert.True(at > 0, name);
            return long.Parse(words[at + 1].TrimStart(type[0]));
        }
    }

    [Fact]
    public void Malloc_stats_count_the_blocks_and_purge_gives_the_free_pages_back()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int i = 0; i < 5000; i++) client.Run("SET", $"key:{i}", new string('v', 200));
        client.Run("SET", "large", new string('v', 100_000));
        string stats = client.Run("MEMORY MALLOC-STATS");
        Assert.Contains("large blocks: 1 in 2 pages\n", stats, StringComparison.Ordinal);
        Assert.Matches(@"\n +216 +\d+ +\d+ +5000 ", stats);
        client.Run("FLUSHALL");
        while (!fixture.Server.Databases.Graveyard.Dig(1000)) { }
        client.Run("PING");
        Assert.True(fixture.Server.Databases.Arena.ResidentBytes > fixture.Server.Databases.Arena.CommittedBytes);
        Assert.Equal("+OK", client.Run("MEMORY PURGE"));
        Assert.Equal(fixture.Server.Databases.Arena.CommittedBytes, fixture.Server.Databases.Arena.ResidentBytes);
        client.Run("SET again value");
        Assert.Equal("$5 value", client.Run("GET again"));
    }
}
