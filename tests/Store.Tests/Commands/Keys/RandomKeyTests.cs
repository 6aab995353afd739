namespace Galley.Store.Tests.Commands.Keys;

public sealed class RandomKeyTests
{
    public static TheoryData<int> PartitionCounts => EngineFixture.PartitionCounts;

    [Theory, MemberData(nameof(PartitionCounts))]
    public void Every_key_comes_up_about_as_often(int partitions)
    {
        const int Keys = 40, TriesEach = 100;
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        for (int i = 0; i < Keys; i++) client.Run("SET", "k" + i, "1");
        Dictionary<string, int> times = [];
        for (int i = 0; i < Keys * TriesEach; i++)
        {
            string key = client.Run("RANDOMKEY");
            times[key] = times.GetValueOrDefault(key) + 1;
        }
        Assert.Equal(Keys, times.Count);
        // Ten standard deviations, and room for a table that is only near enough uniform.
        Assert.All(times.Values, count => Assert.InRange(count, TriesEach / 10, TriesEach * 4));
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void A_database_of_expired_keys_has_none(int partitions)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        for (int i = 0; i < 20; i++) client.Run("SET", "k" + i, "1", "PX", "5");
        fixture.Time.Advance(5);
        fixture.TakeLog();
        Assert.Equal("$-1", client.Run("RANDOMKEY"));
        Assert.Equal(":0", client.Run("DBSIZE"));
        Assert.Equal(20, fixture.TakeLog().Split("DEL ").Length - 1);
    }
}
