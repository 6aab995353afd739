using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Tests.Commands.Sets;

public sealed class SPopTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public SPopTests() => _client = _fixture.Connect();

    [Fact]
    public void What_was_popped_is_logged_by_name()
    {
        _client.Run("SADD s a b c");
        _fixture.TakeLog();
        string popped = _client.Run("SPOP s").Split(' ')[1];
        Assert.Equal($"SREM s {popped}", _fixture.TakeLog());
        Assert.Equal(":0", _client.Run($"SISMEMBER s {popped}"));
        string second = _client.Run("SPOP s 1").Split(' ')[2];
        Assert.Equal($"SREM s {second}", _fixture.TakeLog());
    }

    [Fact]
    public void A_set_that_is_popped_whole_is_logged_as_deleted()
    {
        _client.Run("SADD s a b c");
        _fixture.TakeLog();
        _client.Run("SPOP s 3");
        Assert.Equal("DEL s", _fixture.TakeLog());
        _client.Run("SADD s 1");
        _fixture.TakeLog();
        _client.Run("SPOP s");
        Assert.Equal("SREM s 1", _fixture.TakeLog());
        Assert.Equal(":0", _client.Run("EXISTS s"));
    }

    [Fact]
    public void Many_are_logged_in_several_commands_of_one_unit()
    {
        Fill(5000, i => $"m{i}");
        _fixture.TakeLog();
        string[] popped = Popped(_client.Run("SPOP s 3000"));
        string[] log = _fixture.TakeLog().Split("; ");
        Assert.Equal(["MULTI", "SREM s", "SREM s", "SREM s", "EXEC"], log.Select(line => line[..Math.Min(line.Length, 6)]));
        Assert.Equal(popped, log[1..^1].SelectMany(line => line.Split(' ')[2..]));
        Assert.Equal(1026, log[1].Split(' ').Length);
    }

    [Fact]
    public void Nothing_is_logged_where_nothing_is_popped()
    {
        _client.Run("SADD s a");
        _fixture.TakeLog();
        foreach (string command in (string[])["SPOP t", "SPOP t 3", "SPOP s 0", "SPOP s -1", "SRANDMEMBER s 2"]) _client.Run(command);
        Assert.Equal("", _fixture.TakeLog());
    }

    /// <summary>Integers, packed members, and a table.</summary>
    [Theory]
    [InlineData("", 100)]
    [InlineData("m", 100)]
    [InlineData("m", 4000)]
    [InlineData("", 4000)]
    public void Every_member_comes_once_until_none_is_left(string prefix, int members)
    {
        Fill(members, i => prefix + i);
        var popped = new HashSet<string>();
        var random = new Random(members);
        while (_client.Run("SCARD s") != ":0")
        {
            string[] taken = Popped(_client.Run("SPOP", "s", $"{random.Next(1, 200)}"));
            Assert.All(taken, member => Assert.True(popped.Add(member)));
            Assert.Equal($":{members - popped.Count}", _client.Run("SCARD s"));
        }
        Assert.Equal(members, popped.Count);
        Assert.Equal(":0", _client.Run("EXISTS s"));
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("m", 20)]
    [InlineData("m", 200)]
    public void Each_member_is_popped_first_as_often_as_any(string prefix, int members)
    {
        Fill(members, i => prefix + i);
        const int Each = 200;
        var times = new Dictionary<string, int>();
        for (int i = 0; i < members * Each; i++)
        {
            string popped = _client.Run("SPOP s").Split(' ')[1];
            times[popped] = times.GetValueOrDefault(popped) + 1;
            _client.Run($"SADD s {popped}");
        }
        Assert.All(times.Values, met => Assert.InRange(met, Each - 6 * Math.Sqrt(Each), Each + 6 * Math.Sqrt(Each)));
        Assert.Equal(members, times.Count);
    }

    [Fact]
    public void A_large_set_that_is_popped_whole_is_freed_in_turns()
    {
        Fill(20_000, i => $"m{i}");
        _client.Run("SPOP s 100000");
        Key key = _fixture.Database.Open("s"u8);
        Assert.Equal(0, SetValue.Count(in key));
        Assert.Equal(1, _fixture.Server.Databases.Graveyard.PendingCount);
    }

    public void Dispose() => _fixture.Dispose();

    private void Fill(int members, Func<int, string> name) => _client.Run(["SADD", "s", .. Enumerable.Range(0, members).Select(name)]);

    private static string[] Popped(string reply) => [.. reply.Split(' ').Skip(1).Where((_, at) => at % 2 == 1)];
}
