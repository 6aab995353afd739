using System.Text;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Engine;

/// <summary>Every key goes when its time comes, without anybody asking for it.</summary>
public sealed class ActiveExpiryTests
{
    /// <summary>Bits of a hash that a small table has.</summary>
    private const int TagBits = 24;

    [Fact]
    public void Keys_that_the_table_cannot_tell_apart_by_their_hashes_both_go()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        (string first, string second) = Alike(fixture);
        foreach (int seconds in (int[])[10, 100, 1000, 10_000, 100_000])
        {
            client.Run("SET", first, "1", "PX", $"{seconds * 1000}");
            client.Run("SET", second, "1", "PX", $"{(seconds + 5) * 1000}");
            for (int step = 0; step <= 20; step++) fixture.Pass(seconds * 50);
            for (int more = 0; more < 6; more++) fixture.Pass(1000);
            Assert.Equal(0, fixture.Database.Count);
        }
    }

    /// <summary>Two keys whose hashes have the same first bits: about 5,000 names are tried.</summary>
    private static (string First, string Second) Alike(EngineFixture fixture)
    {
        var names = new Dictionary<ulong, string>();
        for (int i = 0; ; i++)
        {
            string name = $"key:{i}";
            ulong tag = fixture.Server.Databases.Hashing.Of(Encoding.ASCII.GetBytes(name)) >> (64 - TagBits);
            if (!names.TryAdd(tag, name)) return (names[tag], name);
        }
    }
}
