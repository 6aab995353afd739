namespace Galley.Store.Tests.Commands.Sets;

/// <summary>Sets of several batches, beside what a HashSet says of them.</summary>
public sealed class SetAlgebraTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;
    private readonly Dictionary<string, HashSet<string>> _sets = [];

    public SetAlgebraTests()
    {
        _client = _fixture.Connect();
        var random = new Random(7);
        foreach ((string key, int count, int range) in ((string, int, int)[])
            [("a", 6000, 9000), ("b", 5000, 9000), ("c", 300, 9000), ("d", 20, 9000), ("e", 8000, 9000), ("none", 0, 1)])
        {
            string[] members = [.. Enumerable.Range(0, count).Select(_ => random.Next(range)).Select(i => i % 2 == 0 ? $"{i}" : $"m{i}")];
            _sets[key] = [.. members];
            if (count > 0) _client.Run(["SADD", key, .. members]);
        }
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a b c")]
    [InlineData("e a b")]
    [InlineData("d e")]
    [InlineData("a a")]
    [InlineData("a none")]
    [InlineData("none a")]
    [InlineData("a c d c d c d c d")]
    [InlineData("c d c d c d a c d b e")]
    public void Results_are_those_of_a_model(string names)
    {
        HashSet<string>[] sets = [.. names.Split(' ').Select(name => _sets[name])];
        Check("SINTER", names, sets.Aggregate((x, y) => [.. x.Intersect(y)]));
        Check("SUNION", names, sets.Aggregate((x, y) => [.. x.Union(y)]));
        Check("SDIFF", names, sets.Aggregate((x, y) => [.. x.Except(y)]));
    }

    /// <summary>No draft and no replaced value stays behind.</summary>
    [Fact]
    public void What_was_only_needed_on_the_way_is_freed()
    {
        _client.Run("SADD x 1");
        long before = UsedBytes();
        foreach (string command in (string[])["SDIFF a c d c d c d c d", "SUNION c d c d c d a c d b e", "SINTER a b c", "SINTERSTORE x a b",
            "SINTERSTORE x c d", "SUNIONSTORE x a b e", "SDIFFSTORE x a c d c d c d c d", "SDIFFSTORE x a a"]) _client.Run(command);
        Assert.Equal(before, UsedBytes());
    }

    [Fact]
    public void What_was_stored_is_logged_as_the_command_came_and_nothing_where_nothing_changed()
    {
        _fixture.TakeLog();
        _client.Run("SUNIONSTORE x c d");
        Assert.Equal("SUNIONSTORE x c d", _fixture.TakeLog());
        _client.Run("SINTERSTORE x a none");
        Assert.Equal("SINTERSTORE x a none", _fixture.TakeLog());
        _client.Run("SDIFFSTORE x none a");
        _client.Run("SINTERSTORE x a none");
        _client.Run("SMOVE a b absent");
        Assert.Equal("", _fixture.TakeLog());
    }

    [Fact]
    public void A_move_to_a_key_that_has_expired_makes_it_anew()
    {
        _client.Run("SADD t old");
        _client.Run("PEXPIRE t 10");
        _fixture.TakeLog();
        _fixture.Time.Advance(20);
        Assert.Equal(":1", _client.Run("SADD s x"));
        Assert.Equal(":1", _client.Run("SMOVE s t x"));
        Assert.Equal("*1 $1 x", _client.Run("SMEMBERS t"));
        Assert.Equal(":-1", _client.Run("PTTL t"));
        Assert.Equal("SADD s x; MULTI; DEL t; SMOVE s t x; EXEC", _fixture.TakeLog());
    }

    public void Dispose() => _fixture.Dispose();

    private void Check(string command, string names, HashSet<string> expected)
    {
        Assert.Equal(expected.Order(StringComparer.Ordinal), Members(_client.Run($"{command} {names}")));
        Assert.Equal($":{expected.Count}", _client.Run($"{command}STORE x {names}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Members(_client.Run("SMEMBERS x")));
        int keys = names.Split(' ').Length;
        Assert.Equal($":{expected.Count}", _client.Run($"{command}CARD {keys} {names}"));
        Assert.Equal($":{Math.Min(expected.Count, 100)}", _client.Run($"{command}CARD {keys} {names} LIMIT 100"));
    }

    private long UsedBytes()
    {
        _client.Run("DEL x");
        while (!_fixture.Server.Databases.Graveyard.Dig(100_000)) { }
        _client.Run("PING");
        return _fixture.Server.Databases.Arena.UsedBytes;
    }

    private static IEnumerable<string> Members(string reply) =>
        reply.Split(' ').Skip(1).Where((_, at) => at % 2 == 1).Order(StringComparer.Ordinal);
}
