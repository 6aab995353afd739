using System.Globalization;
using Galley.Store.Configuration;
using Galley.Store.Tests.Keyspace.Compaction;

namespace Galley.Store.Tests.Commands.Server;

/// <summary>What is counted as memory is what can be found when everything is looked at.</summary>
public sealed class RecountTests
{
    [Theory]
    [MemberData(nameof(EngineFixture.PartitionCounts), MemberType = typeof(EngineFixture))]
    public void No_byte_is_lost_whatever_is_done_at_random(int partitions)
    {
        using EngineFixture fixture = Allowing(partitions);
        TestClient client = fixture.Connect();
        client.Run("CLIENT TRACKING ON");
        var commands = new RandomCommands(partitions);
        var random = new Random(partitions);
        for (int i = 1; i <= 6000; i++)
        {
            client.Run(random.Next(200) == 0 ? commands.Rare() : commands.Next());
            if (random.Next(4) == 0) client.Run("GET", $"string:{random.Next(300)}");
            if (random.Next(20) == 0) fixture.Pass(random.Next(2000));
            if (i % 500 == 0) AssertAddsUp(client);
        }
        Assert.InRange(FigureOf(client, "entries"), 100_000, long.MaxValue);
        Assert.InRange(FigureOf(client, "tracking"), 100, long.MaxValue);
    }

    [Fact]
    public void A_value_that_two_keys_share_counts_once()
    {
        using EngineFixture fixture = Allowing();
        TestClient client = fixture.Connect();
        client.Run("SET", "a", new string('v', 200_000));
        client.Run("COPY a b");
        client.Run("COPY a c");
        AssertAddsUp(client);
        Assert.InRange(FigureOf(client, "entries"), 200_000, 250_000);
        client.Run("APPEND a x");
        AssertAddsUp(client);
        Assert.InRange(FigureOf(client, "entries"), 400_000, 460_000);
    }

    [Fact]
    public void A_block_that_nobody_has_is_seen()
    {
        using EngineFixture fixture = Allowing();
        TestClient client = fixture.Connect();
        client.Run("SET a 1");
        fixture.Engine.InTurn(() => fixture.Server.Databases.Arena.Allocate(1000));
        Assert.InRange(FigureOf(client, "arena.counted") - FigureOf(client, "arena.reached"), 1000, 1100);
    }

    private static void AssertAddsUp(TestClient client) =>
        Assert.Equal(FigureOf(client, "arena.counted"), FigureOf(client, "arena.reached"));

    private static long FigureOf(TestClient client, string name)
    {
        string[] words = client.Run("DEBUG RECOUNT").Split(' ');
        int at = Array.IndexOf(words, name);
        Assert.True(at > 0, string.Join(' ', words));
        return long.Parse(words[at + 1].AsSpan(1), CultureInfo.InvariantCulture);
    }

    private static EngineFixture Allowing(int partitions = 1) =>
        new(partitions, settings => settings.EnableDebugCommand = Allowed.Yes);
}
