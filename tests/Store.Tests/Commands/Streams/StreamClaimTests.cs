namespace Galley.Store.Tests.Commands.Streams;

/// <summary>What redis-server 7.0 does not have: entries given back, and claims of those that were left lying.</summary>
public sealed class StreamClaimTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;
    private readonly TestClient _waiter;

    public StreamClaimTests()
    {
        _client = _fixture.Connect();
        _waiter = _fixture.Connect();
        for (int i = 1; i <= 3; i++) _client.Run($"XADD s {i}-1 f {i}");
        _client.Run("XGROUP CREATE s g 0");
    }

    [Fact]
    public void A_client_that_waits_gets_pending_entries_when_they_have_lain_long_enough()
    {
        _client.Run("XREADGROUP GROUP g lost COUNT 2 STREAMS s >");
        _client.Run("XREADGROUP GROUP g done STREAMS s >");
        _client.Run("XACK s g 3-1");
        _ = _waiter.Start("XREADGROUP GROUP g c BLOCK 0 CLAIM 500 STREAMS s >");
        _fixture.Pass(400);
        Assert.Equal("", _waiter.TakeReply());
        Assert.True(_waiter.Session.IsBlocked);
        _fixture.Pass(101);
        string reply = _waiter.TakeReply();
        Assert.Contains("1-1", reply, StringComparison.Ordinal);
        Assert.Contains("2-1", reply, StringComparison.Ordinal);
        Assert.Contains(":501 :1", reply, StringComparison.Ordinal);
        Assert.False(_waiter.Session.IsBlocked);
    }

    [Fact]
    public void What_is_delivered_to_another_while_a_client_waits_comes_to_it_in_its_time()
    {
        _client.Run("XREADGROUP GROUP g done STREAMS s >");
        _client.Run("XACK s g 1-1 2-1 3-1");
        _ = _waiter.Start("XREADGROUP GROUP g c BLOCK 0 CLAIM 1000 STREAMS s >");
        _fixture.Pass(700);
        // The one that waits is served first; what it got and left lying would be its own.
        _client.Run("XADD s 4-1 f 4");
        Assert.Contains("4-1", _waiter.TakeReply(), StringComparison.Ordinal);
        _ = _waiter.Start("XREADGROUP GROUP g d BLOCK 5000 CLAIM 1000 STREAMS s >");
        _fixture.Pass(999);
        Assert.Equal("", _waiter.TakeReply());
        _fixture.Pass(2);
        Assert.Contains("4-1", _waiter.TakeReply(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_with_a_claim_ends_at_its_own_time_too()
    {
        _client.Run("XREADGROUP GROUP g done STREAMS s >");
        _ = _waiter.Start("XREADGROUP GROUP g c BLOCK 300 CLAIM 100000 STREAMS s >");
        _fixture.Pass(299);
        Assert.Equal("", _waiter.TakeReply());
        _fixture.Pass(2);
        Assert.Equal("*-1", _waiter.TakeReply());
    }

    [Fact]
    public void An_entry_that_is_given_back_wakes_who_claims()
    {
        _client.Run("XREADGROUP GROUP g lost STREAMS s >");
        _ = _waiter.Start("XREADGROUP GROUP g c BLOCK 0 CLAIM 100000 STREAMS s >");
        Assert.Equal(":1", _client.Run("XNACK s g FAIL IDS 1 2-1"));
        Assert.Contains("2-1", _waiter.TakeReply(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_says_who_was_given_what_in_words_of_redis_7()
    {
        _fixture.TakeLog();
        _client.Run("XREADGROUP GROUP g c COUNT 2 STREAMS s >");
        long nowMs = _fixture.Time.NowMs;
        Assert.Equal(
            $"MULTI; XGROUP CREATECONSUMER s g c; XCLAIM s g c 0 1-1 2-1 TIME {nowMs} RETRYCOUNT 1 FORCE JUSTID LASTID 2-1; "
            + "XGROUP SETID s g 2-1 ENTRIESREAD 2; EXEC",
            _fixture.TakeLog());
        _client.Run("XADD s MAXLEN ~ 1 LIMIT 0 * a b");
        Assert.Equal($"XADD s {nowMs}-0 a b", _fixture.TakeLog());
    }

    public void Dispose() => _fixture.Dispose();
}
