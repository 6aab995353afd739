namespace Galley.Store.Tests.Commands.Lists;

/// <summary>Who waits for lists, and what the log is told of it.</summary>
public sealed class BlockingListTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _writer;

    public BlockingListTests() => _writer = _fixture.Connect();

    [Fact]
    public async Task Who_waits_is_served_by_a_pop_that_does_not_block()
    {
        TestClient first = _fixture.Connect(), second = _fixture.Connect(), third = _fixture.Connect();
        Task popping = first.Start("BLPOP a l 0");
        _ = second.Start("BRPOP l 0");
        _ = third.Start("BLMPOP 0 2 l a LEFT COUNT 5");
        _writer.Run("RPUSH l 1 2 3 4");
        await popping;
        Assert.Equal("*2 $1 l $1 1", first.TakeReply());
        Assert.Equal("*2 $1 l $1 4", second.TakeReply());
        Assert.Equal("*2 $1 l *2 $1 2 $1 3", third.TakeReply());
        Assert.Equal("SELECT 0; RPUSH l 1 2 3 4; LPOP l; RPOP l; LPOP l 2", _fixture.TakeLog());
        Assert.Equal(":0", _writer.Run("EXISTS l"));
    }

    [Fact]
    public void What_one_gets_moved_may_be_what_the_next_waits_for()
    {
        TestClient last = _fixture.Connect(), middle = _fixture.Connect(), first = _fixture.Connect();
        _ = last.Start("BLPOP c 0");
        _ = middle.Start("BRPOPLPUSH b c 0");
        _ = first.Start("BLMOVE a b LEFT RIGHT 0");
        _writer.Run("RPUSH a 1");
        Assert.Equal(["$1 1", "$1 1", "*2 $1 c $1 1"], [first.TakeReply(), middle.TakeReply(), last.TakeReply()]);
        Assert.Equal("SELECT 0; RPUSH a 1; LMOVE a b LEFT RIGHT; RPOPLPUSH b c; LPOP c", _fixture.TakeLog());
    }

    [Fact]
    public void A_target_that_is_no_list_ends_the_wait_and_leaves_the_element_to_the_next()
    {
        TestClient mover = _fixture.Connect(), next = _fixture.Connect();
        _ = mover.Start("BLMOVE l s LEFT RIGHT 0");
        _ = next.Start("BLPOP l 0");
        _writer.Run("SET s v");
        _writer.Run("RPUSH l 1");
        Assert.StartsWith("-WRONGTYPE", mover.TakeReply(), StringComparison.Ordinal);
        Assert.Equal("*2 $1 l $1 1", next.TakeReply());
        Assert.Equal("SELECT 0; SET s v; RPUSH l 1; LPOP l", _fixture.TakeLog());
    }

    [Theory]
    [InlineData("BLPOP l 0.5", "*-1")]
    [InlineData("BLMPOP 0.5 1 l LEFT", "*-1")]
    [InlineData("BLMOVE l m LEFT RIGHT 0.5", "*-1")]
    [InlineData("BRPOPLPUSH l m 0.5", "*-1")]
    [InlineData("BLMOVEM l m LEFT RIGHT 0.5 EXACTLY 2 OBO", "*-1")]
    public void When_the_time_is_over_the_reply_is_that_of_an_array(string command, string reply)
    {
        TestClient client = _fixture.Connect();
        _ = client.Start(command);
        _fixture.Pass(499);
        Assert.Equal("", client.TakeReply());
        _fixture.Pass(1);
        Assert.Equal(reply, client.TakeReply());
        Assert.Equal(0, _fixture.Server.Blocking.KeyCount);
    }

    [Theory]
    [InlineData("TIMEOUT", "*-1")]
    [InlineData("ERROR", "-UNBLOCKED client unblocked via CLIENT UNBLOCK")]
    public void Another_client_may_end_the_wait(string reason, string reply)
    {
        TestClient client = _fixture.Connect();
        _ = client.Start("BLMOVE l m LEFT RIGHT 0");
        Assert.Equal(":1", _writer.Run($"CLIENT UNBLOCK {client.Session.Id} {reason}"));
        Assert.Equal(reply, client.TakeReply());
        _writer.Run("RPUSH l 1");
        Assert.Equal(":1", _writer.Run("LLEN l"));
    }

    [Fact]
    public void Whoever_waits_for_an_exact_number_lets_others_by_until_it_is_there()
    {
        TestClient exact = _fixture.Connect(), any = _fixture.Connect();
        _writer.Run("RPUSH l a");
        _ = exact.Start("BLMOVEM l m LEFT LEFT 0 EXACTLY 3 OBO");
        _writer.Run("RPUSH l b");
        Assert.Equal("", exact.TakeReply());
        _writer.Run("RPUSH l c d");
        Assert.Equal("*3 $1 c $1 b $1 a", exact.TakeReply());
        Assert.Equal("*3 $1 c $1 b $1 a", _writer.Run("LRANGE m 0 -1"));
        _writer.Run("DEL l");
        _ = exact.Start("BLMOVEM l m LEFT LEFT 0 EXACTLY 3 OBO");
        _ = any.Start("BLMOVEM l n RIGHT RIGHT 0 COUNT 5 BULK");
        _writer.Run("RPUSH l 1 2");
        Assert.Equal("*2 $1 1 $1 2", any.TakeReply());
        Assert.True(exact.Session.IsBlocked);
    }

    [Theory]
    [InlineData("BLMOVE l m LEFT RIGHT 0", "LMOVE l m LEFT RIGHT")]
    [InlineData("BLMPOP 0 1 l RIGHT", "RPOP l 1")]
    [InlineData("LMOVEM l m LEFT LEFT COUNT 2 BULK", "MULTI; LPUSH m b a; LPOP l 2; EXEC")]
    [InlineData("LMOVEM l m RIGHT LEFT COUNT 9 OBO", "MULTI; LPUSH m d c b a; RPOP l 4; EXEC")]
    [InlineData("LMOVEM l l LEFT RIGHT COUNT 2 OBO", "MULTI; RPUSH l a b; LPOP l 2; EXEC")]
    [InlineData("LMOVEM l l LEFT LEFT COUNT 3 OBO", "MULTI; LSET l 0 c; LSET l 2 a; EXEC")]
    [InlineData("LMOVEM l l LEFT RIGHT COUNT 4 OBO", "")]
    [InlineData("LMOVEM l l RIGHT RIGHT COUNT 4 BULK", "")]
    [InlineData("LMOVEM l m LEFT RIGHT EXACTLY 5 BULK", "")]
    public void The_log_is_told_in_words_that_every_server_knows(string command, string log)
    {
        _writer.Run("RPUSH l a b c d");
        _fixture.TakeLog();
        _writer.Run(command);
        Assert.Equal(log, _fixture.TakeLog());
    }

    [Fact]
    public void A_block_of_long_and_short_elements_moves_whole()
    {
        string[] elements = [.. Enumerable.Range(0, 300).Select(i => i % 50 == 0 ? new string('x', 9000) + i : i % 3 == 0 ? $"{i}" : $"element {i}".Replace(' ', '-'))];
        _writer.Run(["RPUSH", "l", .. elements]);
        string all = _writer.Run("LRANGE l 0 -1");
        Assert.Equal(all, _writer.Run("LMOVEM l m RIGHT LEFT COUNT 300 BULK"));
        Assert.Equal(all, _writer.Run("LRANGE m 0 -1"));
        _writer.Run("LMOVEM m m LEFT LEFT COUNT 300 OBO");
        Assert.Equal(all, _writer.Run("LMOVEM m l RIGHT RIGHT COUNT 300 OBO"));
        Assert.Equal(":0", _writer.Run("EXISTS m"));
    }

    public void Dispose() => _fixture.Dispose();
}
