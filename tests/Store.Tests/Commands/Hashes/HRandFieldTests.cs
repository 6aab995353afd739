namespace Galley.Store.Tests.Commands.Hashes;

public sealed class HRandFieldTests
{
    /// <summary>Packed and a table; few of many, which are drawn, and many of them, which are chosen on a walk.</summary>
    [Theory]
    [InlineData(10, 3)]
    [InlineData(10, 9)]
    [InlineData(10, 10)]
    [InlineData(10, 100)]
    [InlineData(1000, 1)]
    [InlineData(1000, 50)]
    [InlineData(1000, 900)]
    [InlineData(1000, 1000)]
    public void A_count_gives_distinct_fields_with_their_values(int fields, int count)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HSET h " + string.Join(' ', Enumerable.Range(0, fields).Select(i => $"f{i} {i}")));
        int expected = Math.Min(fields, count);
        var seen = new HashSet<string>();
        for (int i = 0; i < 300; i++)
        {
            string[] reply = client.Run($"HRANDFIELD h {count} WITHVALUES").Split(' ');
            string[] words = [.. reply.Skip(2).Where((_, at) => at % 2 == 0)];
            Assert.Equal($"*{2 * expected}", reply[0]);
            string[] names = [.. words.Where((_, at) => at % 2 == 0)];
            Assert.Equal(expected, names.Distinct().Count());
            Assert.All(words.Chunk(2), pair => Assert.Equal(pair[0], "f" + pair[1]));
            seen.UnionWith(names);
        }
        Assert.True(seen.Count > Math.Min(fields, 300 * expected) / 2, "Every field is as likely as any other.");
    }

    [Fact]
    public void A_count_below_zero_repeats_but_not_for_ever()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HSET h a 1");
        Assert.Equal("*3 $1 a $1 a $1 a", client.Run("HRANDFIELD h -3"));
        Assert.Equal("-ERR value is out of range", client.Run("HRANDFIELD h -9223372036854775807"));
    }
}
