using System.Text;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Eviction;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Eviction;

/// <summary>Samples meet every key that may go, about as often as any other.</summary>
public sealed class KeySamplerTests
{
    private const int Keys = 500;
    private const int Draws = 20_000;

    /// <summary>Of 200 meetings each; five deviations, for neighbours come together.</summary>
    private const int Expected = Draws * 5 / Keys;

    private static readonly EvictionRule Any = new(Ranking.Age, IsVolatile: false);
    private static readonly EvictionRule Volatile = new(Ranking.Age, IsVolatile: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16384)]
    public void Any_key_comes_as_often_as_any_other(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        for (int i = 0; i < Keys; i++) client.Run("SET", i % 2 == 0 ? $"{{one}}{i}" : $"key:{i}", "v");
        AssertEven(Meetings(fixture, Any), Keys);
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(4, 100)]
    [InlineData(16384, 100)]
    [InlineData(1, 20_000)]
    [InlineData(4, 20_000)]
    [InlineData(16384, 20_000)]
    public void Of_the_keys_that_expire_too_in_the_table_and_in_the_wheel(int partitions, int others)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        for (int i = 0; i < Keys; i++) client.Run("SET", i % 2 == 0 ? $"{{one}}{i}" : $"key:{i}", "v", "PX", $"{1_000_000L * (i + 1)}");
        for (int i = 0; i < others; i++) client.Run("SET", i % 2 == 0 ? $"{{one}}stays:{i}" : $"stays:{i}", "v");
        AssertEven(Meetings(fixture, Volatile), Keys);
    }

    [Fact]
    public void What_the_wheel_forgets_is_met_no_more()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int i = 0; i < 20_000; i++) client.Run("SET", $"stays:{i}", "v");
        for (int i = 0; i < 1000; i++) client.Run("SET", $"key:{i}", "v", "PX", i < 900 ? $"{i + 1}" : "100000");
        Meetings(fixture, Volatile);
        for (int turns = 0; turns < 100; turns++) fixture.Pass(20);
        Dictionary<string, int> met = Meetings(fixture, Volatile);
        Assert.Equal(100, met.Count);
        client.Run("SET fresh v PX 50000");
        client.Run("FLUSHALL");
        Assert.Empty(Meetings(fixture, Volatile));
    }

    private static Dictionary<string, int> Meetings(EngineFixture fixture, EvictionRule rule)
    {
        var sampler = new KeySampler(fixture.Server.Databases);
        var met = new Dictionary<string, int>();
        Span<SampledEntry> found = stackalloc SampledEntry[5];
        for (int i = 0; i < Draws; i++)
        {
            foreach (SampledEntry entry in found[..sampler.Draw(fixture.Database, rule, found)])
            {
                string key = Encoding.Latin1.GetString(EntryLayout.KeyOf(fixture.Server.Databases.Arena, entry.Block));
                met[key] = met.GetValueOrDefault(key) + 1;
            }
        }
        return met;
    }

    private static void AssertEven(Dictionary<string, int> met, int keys)
    {
        Assert.Equal(keys, met.Count);
        double mean = met.Values.Average();
        Assert.InRange(mean, Expected * 0.5, Expected * 1.01);
        // Within a segment whose gaps chance has made, no key is met twice as often as it should be, nor half as often.
        Assert.InRange(met.Values.Min(), mean * 0.4, mean);
        Assert.InRange(met.Values.Max(), mean, mean * 2);
    }
}
