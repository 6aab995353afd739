namespace Galley.Store.Tests.Commands.Keys;

public sealed class ObjectTests
{
    [Fact]
    public void Idle_time_is_told_under_lru_and_frequency_under_lfu()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1");
        fixture.Time.Advance(7000);
        Assert.Equal(":7", client.Run("OBJECT IDLETIME a"));
        Assert.StartsWith("-ERR An LFU maxmemory policy is not selected", client.Run("OBJECT FREQ a"), StringComparison.Ordinal);

        client.Run("CONFIG SET maxmemory-policy allkeys-lfu");
        client.Run("SET b 1");
        Assert.Equal(":5", client.Run("OBJECT FREQ b"));
        client.Run("CONFIG SET lfu-log-factor 0");
        for (int i = 0; i < 20; i++) client.Run("GET b");
        Assert.Equal(":25", client.Run("OBJECT FREQ b"));
        fixture.Time.Advance(3 * 60_000);
        Assert.Equal(":22", client.Run("OBJECT FREQ b"));
        Assert.StartsWith("-ERR An LFU maxmemory policy is selected", client.Run("OBJECT IDLETIME b"), StringComparison.Ordinal);
        Assert.Equal("$-1", client.Run("OBJECT FREQ none"));
    }

    [Theory]
    [InlineData("0", "int", int.MaxValue)]
    [InlineData("9999", "int", int.MaxValue)]
    [InlineData("10000", "int", 1)]
    [InlineData("-1", "int", 1)]
    [InlineData("007", "embstr", 1)]
    [InlineData("text", "embstr", 1)]
    public void References_and_encoding_are_those_of_redis(string value, string encoding, int references)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET", "a", value);
        Assert.Equal($"${encoding.Length} {encoding}", client.Run("OBJECT ENCODING a"));
        Assert.Equal(":" + references, client.Run("OBJECT REFCOUNT a"));
    }
}
