namespace Galley.Store.Tests.Commands.Keys;

public sealed class ExpireTests
{
    [Theory]
    [InlineData("EXPIRE a 100", 100_000)]
    [InlineData("PEXPIRE a 1500 NX", 1500)]
    public void The_log_holds_the_time_and_not_the_span(string command, long spanMs)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1");
        fixture.TakeLog();
        Assert.Equal(":1", client.Run(command));
        Assert.Equal($"PEXPIREAT a {fixture.Time.NowMs + spanMs}", fixture.TakeLog());
    }

    [Theory]
    [InlineData("EXPIRE a 0")]
    [InlineData("PEXPIRE a -1")]
    [InlineData("EXPIREAT a 1")]
    [InlineData("PEXPIREAT a -9223372036854775808")]
    public void A_time_that_has_passed_deletes_at_once(string command)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1");
        fixture.TakeLog();
        Assert.Equal(":1", client.Run(command));
        Assert.Equal("DEL a", fixture.TakeLog());
        Assert.Equal(":0", client.Run("EXISTS a"));
    }

    [Fact]
    public void A_log_that_is_read_keeps_a_time_that_has_passed_and_the_key_goes_when_it_is_met()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1");
        client.Run("MULTI");
        client.Run("PEXPIREAT a 1");
        // What was queued before runs as what a log repeats does.
        fixture.Server.IsLoading = true;
        Assert.Equal("*1 :1", client.Run("EXEC"));
        fixture.Server.IsLoading = false;
        Assert.Equal(1, fixture.Database.Count);
        fixture.TakeLog();
        Assert.Equal("$-1", client.Run("GET a"));
        Assert.Equal("DEL a", fixture.TakeLog());
    }

    [Theory]
    [InlineData("EXPIRE a 50 GT", 0)]
    [InlineData("EXPIRE a 100 GT", 0)]
    [InlineData("EXPIRE a 150 GT", 1)]
    [InlineData("EXPIRE a 50 LT", 1)]
    [InlineData("EXPIRE a 100 LT", 0)]
    [InlineData("EXPIRE a 50 NX", 0)]
    [InlineData("EXPIRE a 50 XX", 1)]
    [InlineData("EXPIRE a 50 XX GT", 0)]
    [InlineData("EXPIRE forever 50 GT", 0)]
    [InlineData("EXPIRE forever 50 LT", 1)]
    [InlineData("EXPIRE forever 50 NX", 1)]
    [InlineData("EXPIRE forever 50 XX", 0)]
    [InlineData("EXPIRE forever 50 XX LT", 0)]
    public void A_condition_that_is_not_met_changes_nothing(string command, int expected)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1 EX 100");
        client.Run("SET forever 1");
        fixture.TakeLog();
        Assert.Equal(":" + expected, client.Run(command));
        Assert.Equal(expected == 1, fixture.TakeLog().Length > 0);
    }

    [Fact]
    public void Times_are_told_to_the_nearest_second_and_the_latest_does_not_overflow()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1 PX 1499");
        client.Run("SET b 1 PX 1500");
        client.Run("SET c 1");
        client.Run("PEXPIREAT c 9223372036854775807");
        Assert.Equal(":1", client.Run("TTL a"));
        Assert.Equal(":2", client.Run("TTL b"));
        Assert.Equal(":9223372036854775807", client.Run("PEXPIRETIME c"));
        Assert.Equal(":9223372036854776", client.Run("EXPIRETIME c"));
    }
}
