namespace Galley.Store.Tests.Commands.Sets;

public sealed class SRandMemberTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public SRandMemberTests() => _client = _fixture.Connect();

    /// <summary>One, few of many, more than a third, and nearly all; integers, packed members, and a table.</summary>
    [Theory]
    [InlineData("m", 100, 1)]
    [InlineData("m", 100, 3)]
    [InlineData("", 100, 60)]
    [InlineData("m", 100, 99)]
    [InlineData("m", 1000, 10)]
    [InlineData("m", 1000, 500)]
    [InlineData("", 1000, 999)]
    public void A_positive_count_gives_different_members_each_as_often_as_any(string prefix, int members, int count)
    {
        Fill(prefix, members);
        var met = new Dictionary<string, int>();
        int rounds = 4000 * members / count / 100 + 50;
        for (int round = 0; round < rounds; round++)
        {
            string[] drawn = Draw(count);
            Assert.Equal(count, drawn.Distinct().Count());
            foreach (string member in drawn) met[member] = met.GetValueOrDefault(member) + 1;
        }
        double expected = (double)rounds * count / members;
        double tolerance = 6 * Math.Sqrt(expected) + 1;
        Assert.Equal(members, met.Count);
        Assert.All(met.Values, times => Assert.InRange(times, expected - tolerance, expected + tolerance));
    }

    [Theory]
    [InlineData("", 5)]
    [InlineData("m", 5)]
    [InlineData("m", 500)]
    public void A_negative_count_gives_as_many_as_are_asked_for(string prefix, int members)
    {
        Fill(prefix, members);
        string[] drawn = Draw(-members * 3);
        Assert.Equal(members * 3, drawn.Length);
        Assert.All(drawn, member => Assert.Equal(":1", _client.Run($"SISMEMBER s {member}")));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(long.MaxValue)]
    public void A_count_beyond_all_gives_all(long count)
    {
        Fill("m", 100);
        Assert.Equal(100, Draw(count).Distinct().Count());
    }

    [Fact]
    public void More_repetitions_than_memory_could_hold_are_refused()
    {
        Fill("m", 1);
        Assert.Equal("-ERR value is out of range", _client.Run("SRANDMEMBER s -16777217"));
        Assert.Equal("-ERR value is out of range", _client.Run("SRANDMEMBER s -9223372036854775807"));
    }

    public void Dispose() => _fixture.Dispose();

    private void Fill(string prefix, int members) =>
        _client.Run(["SADD", "s", .. Enumerable.Range(0, members).Select(i => prefix + i)]);

    private string[] Draw(long count) => [.. _client.Run("SRANDMEMBER", "s", $"{count}").Split(' ').Skip(1).Where((_, at) => at % 2 == 1)];
}
