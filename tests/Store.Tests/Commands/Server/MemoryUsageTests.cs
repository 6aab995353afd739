using System.Globalization;

namespace Galley.Store.Tests.Commands.Server;

/// <summary>MEMORY USAGE beside what the arena has really given out for the key.</summary>
public sealed class MemoryUsageTests
{
    /// <summary>The table of keys has room for one more; the name of a database's first keys may have none yet.</summary>
    private const long TableBytes = 64;

    [Theory]
    [InlineData("SET k {0}", 1)]
    [InlineData("SET k {10000}", 1)]
    [InlineData("SET k {100000}", 1)]
    [InlineData("RPUSH k e#{20}", 10)]
    [InlineData("RPUSH k e#{20}", 20_000)]
    [InlineData("SADD k #", 100)]
    [InlineData("SADD k #", 20_000)]
    [InlineData("SADD k e#{20}", 50)]
    [InlineData("SADD k e#{20}", 20_000)]
    [InlineData("ZADD k # e#{20}", 20)]
    [InlineData("ZADD k # e#{20}", 20_000)]
    [InlineData("HSET k f# {20}", 20)]
    [InlineData("HSET k f# {20}", 20_000)]
    [InlineData("HSETEX k EX 1000# FIELDS 1 f# {20}", 20_000)]
    [InlineData("XADD k #-1 f {20}", 50)]
    [InlineData("XADD k #-1 f {20}", 20_000)]
    public void All_of_a_key_is_what_the_arena_gave_for_it_and_a_sample_is_near(string command, int count)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int i = 0; i < 20; i++) client.Run(string.Create(CultureInfo.InvariantCulture, $"SET other:{i} 1"));
        long before = fixture.Server.Databases.Arena.UsedBytes;
        for (int i = 1; i <= count; i++) client.Run(Filled(command, i).Split(' '));
        long used = fixture.Server.Databases.Arena.UsedBytes - before - fixture.Database.ExpiryBytes;

        long exact = Usage("SAMPLES 0");
        Assert.InRange(used, exact - TableBytes, exact + TableBytes);
        Assert.InRange(Usage(""), exact * 0.8, exact * 1.25);
        Assert.Equal(exact, Usage("SAMPLES 1000000000"));

        long Usage(string samples) => long.Parse(client.Run($"MEMORY USAGE k {samples}".TrimEnd()).AsSpan(1), CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Groups_of_a_stream_and_what_is_pending_are_in_it()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int i = 1; i <= 5000; i++) client.Run($"XADD k {i}-1 f v");
        long before = fixture.Server.Databases.Arena.UsedBytes;
        long usage = Usage("0"), sample = Usage("5");
        client.Run("XGROUP CREATE k crew 0");
        for (int i = 0; i < 50; i++) client.Run($"XREADGROUP GROUP crew c{i} COUNT 100 STREAMS k >");
        long grown = fixture.Server.Databases.Arena.UsedBytes - before;
        Assert.True(grown > 100_000, $"{grown} bytes are too few to tell.");
        Assert.Equal(grown, Usage("0") - usage);
        Assert.InRange(Usage("5") - sample, grown * 0.7, grown * 1.4);

        long Usage(string samples) => long.Parse(client.Run($"MEMORY USAGE k SAMPLES {samples}").AsSpan(1), CultureInfo.InvariantCulture);
    }

    /// <summary># is the number of the call, {20} so many letters.</summary>
    private static string Filled(string command, int number)
    {
        string numbered = command.Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        int at = numbered.IndexOf('{', StringComparison.Ordinal);
        if (at < 0) return numbered;
        int end = numbered.IndexOf('}', StringComparison.Ordinal);
        return numbered[..at] + new string('v', int.Parse(numbered.AsSpan(at + 1, end - at - 1), CultureInfo.InvariantCulture)) + numbered[(end + 1)..];
    }
}
