namespace Galley.Store.Tests.Commands.SortedSets;

/// <summary>What the log is told, where that is not the command as it came.</summary>
public sealed class SortedSetEffectsTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public SortedSetEffectsTests() => _client = _fixture.Connect();

    [Fact]
    public void ZMPOP_is_logged_as_a_pop_of_the_key_that_had_elements()
    {
        _client.Run("ZADD b 1 x 2 y 3 z");
        _fixture.TakeLog();
        Assert.Equal("*2 $1 b *2 *2 $1 z $1 3 *2 $1 y $1 2", _client.Run("ZMPOP 2 a b MAX COUNT 2"));
        Assert.Equal("ZPOPMAX b 2", _fixture.TakeLog());
    }

    [Fact]
    public void Nothing_is_logged_where_nothing_changed()
    {
        _client.Run("ZADD z 1 a");
        _fixture.TakeLog();
        foreach (string command in (string[])["ZADD z 1 a", "ZADD z NX 2 a", "ZADD y XX 1 a", "ZREM z b", "ZPOPMIN y",
            "ZREMRANGEBYRANK z 5 6", "ZUNIONSTORE y 1 absent", "ZINCRBY z 0 a"]) _client.Run(command);
        Assert.Equal("", _fixture.TakeLog());
    }

    [Fact]
    public async Task Who_waits_is_served_by_a_pop_that_does_not_block()
    {
        TestClient first = _fixture.Connect();
        TestClient second = _fixture.Connect();
        Task popping = first.Start("BZPOPMIN a z 0");
        _ = second.Start("BZMPOP 0 2 z a MAX COUNT 5");
        _client.Run("ZADD z 1 x 2 y 3 w");
        await popping;
        Assert.Equal("*3 $1 z $1 x $1 1", first.TakeReply());
        Assert.Equal("*2 $1 z *2 *2 $1 w $1 3 *2 $1 y $1 2", second.TakeReply());
        Assert.Equal("SELECT 0; ZADD z 1 x 2 y 3 w; ZPOPMIN z; ZPOPMAX z 2", _fixture.TakeLog());
        Assert.Equal(":0", _client.Run("EXISTS z"));
    }

    public void Dispose() => _fixture.Dispose();
}
