namespace Galley.Store.Tests.Commands.SortedSets;

public sealed class ZRandMemberTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public ZRandMemberTests() => _client = _fixture.Connect();

    /// <summary>Few of many, more than an eighth, and nearly all; in the entry and in a tree.</summary>
    [Theory]
    [InlineData(100, 3)]
    [InlineData(100, 60)]
    [InlineData(100, 99)]
    [InlineData(1000, 10)]
    [InlineData(1000, 500)]
    [InlineData(1000, 1000)]
    public void A_positive_count_gives_different_members_each_as_often_as_any(int members, int count)
    {
        Fill(members);
        var met = new int[members];
        int rounds = 4000 * members / count / 100 + 50;
        for (int round = 0; round < rounds; round++)
        {
            int[] drawn = Draw(count);
            Assert.Equal(count, drawn.Distinct().Count());
            foreach (int member in drawn) met[member]++;
        }
        double expected = (double)rounds * count / members;
        double tolerance = 6 * Math.Sqrt(expected) + 1;
        Assert.All(met, times => Assert.InRange(times, expected - tolerance, expected + tolerance));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(500)]
    public void A_negative_count_gives_as_many_as_are_asked_for(int members)
    {
        Fill(members);
        Assert.Equal(members * 3, Draw(-members * 3).Length);
    }

    [Fact]
    public void More_repetitions_than_memory_could_hold_are_refused()
    {
        Fill(1);
        Assert.Equal("-ERR value is out of range", _client.Run("ZRANDMEMBER z -16777217"));
        Assert.Equal("-ERR value is out of range", _client.Run("ZRANDMEMBER z -9223372036854775807"));
    }

    public void Dispose() => _fixture.Dispose();

    private void Fill(int members)
    {
        for (int i = 0; i < members; i++) _client.Run("ZADD", "z", $"{i % 10}", $"m{i}");
    }

    private int[] Draw(int count) =>
        [.. _client.Run("ZRANDMEMBER", "z", $"{count}").Split(' ').Where(word => word[0] == 'm').Select(word => int.Parse(word[1..]))];
}
