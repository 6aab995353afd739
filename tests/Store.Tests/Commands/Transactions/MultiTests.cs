namespace Galley.Store.Tests.Commands.Transactions;

public sealed class MultiTests
{
    [Fact]
    public void What_a_transaction_changes_is_one_unit_of_the_log()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("MULTI");
        client.Run("SET a 1");
        client.Run("SELECT 2");
        client.Run("SET b 2");
        client.Run("GET b");
        Assert.Equal("", fixture.TakeLog());
        Assert.Equal("*4 +OK +OK +OK $1 2", client.Run("EXEC"));
        Assert.Equal("MULTI; SELECT 0; SET a 1; SELECT 2; SET b 2; EXEC", fixture.TakeLog());
    }

    [Fact]
    public void What_waits_for_EXEC_is_no_more_than_input_may_be()
    {
        using var fixture = new EngineFixture(configure: settings => settings.ClientQueryBufferBytesMax = 1024 * 1024);
        TestConnection connection = TestConnection.From("10.0.0.1:1");
        TestClient client = fixture.Connect(connection);
        string large = new('x', 600_000);
        client.Run("MULTI");
        Assert.Equal("+QUEUED", client.Run("SET", "a", large));
        Assert.False(connection.WasAborted);
        client.Run("SET", "b", large);
        Assert.True(connection.WasAborted);
        Assert.Contains("client_query_buffer_limit_disconnections:1", fixture.Connect().Run("INFO stats"), StringComparison.Ordinal);
    }

    [Fact]
    public void One_change_needs_no_unit()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("MULTI");
        client.Run("GET a");
        client.Run("SET a 1");
        client.Run("EXEC");
        Assert.Equal("SELECT 0; SET a 1", fixture.TakeLog());
    }

    [Fact]
    public void A_command_refused_while_it_queues_aborts_the_whole()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("MULTI");
        client.Run("SET a 1");
        client.Run("NO-SUCH-COMMAND");
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", client.Run("EXEC"));
        Assert.Equal("$-1", client.Run("GET a"));
        client.Run("MULTI");
        Assert.Equal("*0", client.Run("EXEC"));
    }

    [Theory]
    [InlineData("MULTI", "-ERR MULTI calls can not be nested")]
    [InlineData("WATCH a", "-ERR WATCH inside MULTI is not allowed")]
    public void What_may_not_stand_in_a_transaction_does_not_abort_it(string command, string error)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("MULTI");
        Assert.Equal(error, client.Run(command));
        client.Run("SET a 1");
        Assert.Equal("*1 +OK", client.Run("EXEC"));
    }

    [Theory]
    [InlineData("SET a 2")]
    [InlineData("DEL a")]
    [InlineData("EXPIRE a 100")]
    [InlineData("PERSIST a")]
    [InlineData("RENAME a b")]
    [InlineData("RENAME b a")]
    [InlineData("COPY b a REPLACE")]
    [InlineData("MOVE a 1")]
    [InlineData("DEBUG POPULATE 1 a", false)]
    [InlineData("TOUCH a", false)]
    [InlineData("COPY a c", false)]
    [InlineData("SET b 2", false)]
    public void A_change_to_a_watched_key_stops_the_transaction(string command, bool isChange = true)
    {
        using var fixture = new EngineFixture(configure: settings => settings.EnableDebugCommand = Store.Configuration.Allowed.Yes);
        TestClient client = fixture.Connect();
        client.Run("SET a 1 EX 1000");
        client.Run("SET b 1");
        client.Run("WATCH a");
        fixture.Connect().Run(command);
        client.Run("MULTI");
        client.Run("PING");
        Assert.Equal(isChange ? "*-1" : "*1 +PONG", client.Run("EXEC"));
    }

    [Fact]
    public void A_watched_key_that_expires_stops_the_transaction_though_nobody_has_met_it()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1 PX 10");
        client.Run("WATCH a");
        fixture.Time.Advance(10);
        client.Run("MULTI");
        Assert.Equal("*-1", client.Run("EXEC"));
    }

    [Fact]
    public void A_key_that_had_expired_before_it_was_watched_is_absent_and_stays_so()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1 PX 10");
        fixture.Time.Advance(10);
        client.Run("WATCH a");
        fixture.Connect().Run("GET a");
        client.Run("MULTI");
        Assert.Equal("*0", client.Run("EXEC"));
    }

    [Theory]
    [InlineData("UNWATCH")]
    [InlineData("RESET")]
    [InlineData("EXEC")]
    [InlineData("DISCARD")]
    public void What_ends_a_transaction_forgets_the_watched_keys(string command)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("WATCH a");
        if (command is "EXEC" or "DISCARD") client.Run("MULTI");
        client.Run(command);
        fixture.Connect().Run("SET a 1");
        client.Run("MULTI");
        Assert.Equal("*0", client.Run("EXEC"));
    }

    [Fact]
    public void A_command_that_fails_leaves_what_the_others_did()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("MULTI");
        client.Run("SET a x");
        client.Run("INCR a");
        client.Run("SET b 1");
        Assert.Equal("*3 +OK -ERR value is not an integer or out of range +OK", client.Run("EXEC"));
        Assert.Equal("MULTI; SELECT 0; SET a x; SET b 1; EXEC", fixture.TakeLog());
    }
}
