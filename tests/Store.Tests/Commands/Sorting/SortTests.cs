using Galley.Store.Configuration;

namespace Galley.Store.Tests.Commands.Sorting;

public sealed class SortTests : IDisposable
{
    private readonly EngineFixture _fixture = new(configure: settings => settings.EnableDebugCommand = Allowed.Yes);
    private readonly TestClient _client;

    public SortTests() => _client = _fixture.Connect();

    [Fact]
    public void A_large_list_is_sorted_stably_and_by_parts()
    {
        var random = new Random(3);
        int[] numbers = [.. Enumerable.Range(0, 20_000).Select(_ => random.Next(5000))];
        _client.Run(["RPUSH", "l", .. numbers.Select(n => $"{n}")]);
        Assert.Equal(numbers.Order().Select(n => $"{n}"), Elements(_client.Run("SORT l")));
        Assert.Equal(numbers.OrderDescending().Skip(1000).Take(50).Select(n => $"{n}"), Elements(_client.Run("SORT l DESC LIMIT 1000 50")));
        Assert.Equal(":20000", _client.Run("SORT l STORE d"));
        Assert.Equal(numbers.Order().Select(n => $"{n}"), Elements(_client.Run("LRANGE d 0 -1")));
    }

    [Fact]
    public void Long_elements_are_sorted_as_well()
    {
        string[] elements = [.. Enumerable.Range(0, 40).Select(i => new string((char)('a' + i * 7 % 26), 100_000 - i * 2000) + i)];
        _client.Run(["RPUSH", "l", .. elements]);
        Assert.Equal(elements.Order(StringComparer.Ordinal), Elements(_client.Run("SORT l ALPHA")));
        _client.Run(["SET", "w_1", elements[0]]);
        _client.Run("RPUSH m 1");
        Assert.Equal(elements[..1], Elements(_client.Run("SORT m GET w_*")));
        Assert.Equal(elements[..1], Elements(_client.Run("SORT m BY w_* ALPHA GET w_*")));
        _client.Run("SORT m GET w_* STORE d");
        Assert.Equal(elements[..1], Elements(_client.Run("LRANGE d 0 -1")));
    }

    /// <summary>What expires while it is looked up moves other keys' places in the table.</summary>
    [Fact]
    public void Weights_that_have_expired_are_not_there_and_go()
    {
        _client.Run(["SADD", "s", .. Enumerable.Range(0, 300).Select(i => $"m{i:000}")]);
        for (int i = 0; i < 300; i++)
        {
            _client.Run($"SET w_m{i:000} {300 - i}");
            if (i % 3 > 0) _client.Run($"PEXPIRE w_m{i:000} 10");
        }
        _fixture.Time.Advance(20);
        IEnumerable<int> gone = Enumerable.Range(0, 300).Where(i => i % 3 > 0);
        IEnumerable<int> there = Enumerable.Range(0, 300).Where(i => i % 3 == 0).Reverse();
        Assert.Equal(gone.Concat(there).Select(i => $"m{i:000}"), Elements(_client.Run("SORT s BY w_*")));
        Assert.Equal(":101", _client.Run("DBSIZE"));
    }

    /// <summary>
    /// The order in which the members of a set lie is another in every process, and what repeats the log must come to the
    /// same list.
    /// </summary>
    [Theory]
    [InlineData("SORT s BY w_* ALPHA STORE d")]
    [InlineData("SORT s BY w_* STORE d")]
    [InlineData("SORT s BY nosort STORE d")]
    [InlineData("SORT s BY nosort DESC LIMIT 10 50 STORE d")]
    public void What_is_stored_of_a_set_hangs_on_nothing_but_its_members(string command)
    {
        string[] lists = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using var fixture = new EngineFixture();
            TestClient client = fixture.Connect();
            client.Run(["SADD", "s", .. Enumerable.Range(0, 500).Select(i => $"m{i}")]);
            for (int i = 0; i < 500; i++) client.Run($"SET w_m{i} {i % 5}");
            client.Run(command);
            Assert.Contains(command, fixture.TakeLog(), StringComparison.Ordinal);
            return client.Run("LRANGE d 0 -1");
        })];
        Assert.Equal(lists[0], lists[1]);
    }

    [Fact]
    public void Nothing_is_logged_where_nothing_changed()
    {
        _client.Run("RPUSH l 2 1");
        _fixture.TakeLog();
        foreach (string command in (string[])["SORT l", "SORT_RO l", "SORT none STORE d", "SORT l LIMIT 0 0 STORE d"]) _client.Run(command);
        Assert.Equal("", _fixture.TakeLog());
        _client.Run("SET d x");
        _client.Run("SORT none STORE d");
        Assert.Equal("SET d x; SORT none STORE d", _fixture.TakeLog());
    }

    [Fact]
    public void Lists_and_hashes_have_a_digest_and_a_field_that_expires_another()
    {
        _client.Run("HSET h a 1 b 2");
        _client.Run("HSET g a 1 b 2");
        Assert.Equal(Digest("g"), Digest("h"));
        _client.Run("HEXPIRE g 100 FIELDS 1 a");
        Assert.NotEqual(Digest("g"), Digest("h"));
        _client.Run("HEXPIRE h 500 FIELDS 1 a");
        Assert.Equal(Digest("g"), Digest("h"));

        string Digest(string key) => _client.Run($"DEBUG DIGEST-VALUE {key}");
    }

    public void Dispose() => _fixture.Dispose();

    private static IEnumerable<string> Elements(string reply) => reply.Split(' ').Skip(1).Where((_, at) => at % 2 == 1);
}
