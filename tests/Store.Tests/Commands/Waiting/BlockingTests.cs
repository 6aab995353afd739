using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Waiting;

public sealed class BlockingTests : IDisposable
{
    private readonly EngineFixture _fixture = new(commands: WaitingCommands.Table);
    private readonly TestClient _writer;

    public BlockingTests() => _writer = _fixture.Connect();

    [Fact]
    public void A_command_that_finds_its_key_does_not_wait()
    {
        _writer.Run("SET a 1");
        Assert.Equal("*2 $1 a $1 1", _fixture.Connect().Run("TAKE b a 0"));
    }

    [Fact]
    public async Task Who_waits_is_served_when_the_key_comes_and_the_log_tells_what_happened()
    {
        TestClient client = _fixture.Connect();
        Task waiting = client.Start("TAKE a 0");
        Assert.False(waiting.IsCompleted);
        Assert.True(client.Session.IsBlocked);
        Assert.Contains("blocked_clients:1", _writer.Run("INFO clients"), StringComparison.Ordinal);
        _writer.Run("SET a 1");
        await waiting;
        Assert.Equal("*2 $1 a $1 1", client.TakeReply());
        Assert.False(client.Session.IsBlocked);
        Assert.Equal("SELECT 0; SET a 1; DEL a", _fixture.TakeLog());
        Assert.Equal(":0", _writer.Run("EXISTS a"));
        Assert.Contains("blocked_clients:0", _writer.Run("INFO clients"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_the_wait_or_keeps_the_next_one_from_beginning()
    {
        TestClient client = _fixture.Connect();
        Task waiting = client.Start("TAKE a 0");
        _fixture.Engine.Interrupt(client.Session);
        await waiting;
        Assert.Equal("*-1", client.TakeReply());

        _fixture.Engine.Interrupt(client.Session);
        Assert.Equal("$1 v", client.Run("ECHO v"));
        Assert.Equal("*-1", client.Run("TAKE a 0"));
        waiting = client.Start("TAKE a 0");
        Assert.True(client.Session.IsBlocked);
        _writer.Run("SET a 1");
        await waiting;
        Assert.Equal("*2 $1 a $1 1", client.TakeReply());
    }

    [Fact]
    public void The_first_to_come_is_the_first_to_be_served()
    {
        TestClient[] clients = [.. Enumerable.Range(0, 3).Select(_ => _fixture.Connect())];
        foreach (TestClient client in clients) _ = client.Start("TAKE a 0");
        foreach (TestClient client in clients)
        {
            _writer.Run("SET a 1");
            Assert.Equal("*2 $1 a $1 1", client.TakeReply());
        }
        Assert.Equal("", string.Concat(clients.Select(client => client.TakeReply())));
    }

    [Fact]
    public void Keys_are_served_in_the_order_in_which_a_transaction_made_them_ready()
    {
        TestClient client = _fixture.Connect();
        _ = client.Start("TAKE a b c 0");
        foreach (string command in (string[])["MULTI", "SET c 3", "SET a 1", "SET b 2"]) _writer.Run(command);
        Assert.Equal("", client.TakeReply());
        Assert.Equal("*3 +OK +OK +OK", _writer.Run("EXEC"));
        Assert.Equal("*2 $1 c $1 3", client.TakeReply());
        Assert.Equal("MULTI; SELECT 0; SET c 3; SET a 1; SET b 2; EXEC; DEL c", _fixture.TakeLog());
    }

    [Fact]
    public void What_a_transaction_gave_and_took_again_wakes_nobody()
    {
        TestClient client = _fixture.Connect();
        _ = client.Start("TAKE a 0");
        foreach (string command in (string[])["MULTI", "SET a 1", "DEL a", "EXEC"]) _writer.Run(command);
        Assert.True(client.Session.IsBlocked);
        _writer.Run("SET a 2");
        Assert.Equal("*2 $1 a $1 2", client.TakeReply());
    }

    [Fact]
    public void One_who_is_served_may_serve_the_next()
    {
        TestClient last = _fixture.Connect(), middle = _fixture.Connect(), first = _fixture.Connect();
        _ = last.Start("TAKE c 0");
        _ = middle.Start("PASS b c 0");
        _ = first.Start("PASS a b 0");
        _writer.Run("SET a 1");
        Assert.Equal(["$1 1", "$1 1", "*2 $1 c $1 1"], [first.TakeReply(), middle.TakeReply(), last.TakeReply()]);
        Assert.Equal("SELECT 0; SET a 1; RENAME a b; RENAME b c; DEL c", _fixture.TakeLog());
    }

    [Fact]
    public void A_key_named_twice_counts_once()
    {
        TestClient client = _fixture.Connect();
        _ = client.Start("TAKE a a 0");
        _writer.Run("SET a 1");
        Assert.Equal("*2 $1 a $1 1", client.TakeReply());
        Assert.Equal(0, _fixture.Server.Blocking.KeyCount);
    }

    [Theory]
    [InlineData("RENAME x a")]
    [InlineData("COPY x a")]
    [InlineData("APPEND a 1")]
    [InlineData("SWAPDB 0 1", "SELECT 1", "SET a 1", "SELECT 0")]
    [InlineData("MOVE a 0", "SELECT 1", "SET a 1")]
    public void A_key_may_come_in_many_ways(string command, params string[] before)
    {
        TestClient client = _fixture.Connect();
        _writer.Run("SET x 1");
        foreach (string one in before) _writer.Run(one);
        _ = client.Start("TAKE a 0");
        _writer.Run(command);
        Assert.Equal("*2 $1 a $1 1", client.TakeReply());
    }

    [Fact]
    public void Nobody_waits_in_a_transaction()
    {
        TestClient client = _fixture.Connect();
        foreach (string command in (string[])["MULTI", "TAKE a 0", "SET b 1", "TAKE b 0"]) client.Run(command);
        Assert.Equal("*3 *-1 +OK *2 $1 b $1 1", client.Run("EXEC"));
        Assert.False(client.Session.DeniesBlocking);
    }

    [Fact]
    public void Time_ends_each_wait_when_its_own_is_over()
    {
        TestClient[] clients = [.. Enumerable.Range(0, 40).Select(_ => _fixture.Connect())];
        int[] seconds = [.. Enumerable.Range(1, 40).Select(i => i * 7 % 41)];
        for (int i = 0; i < clients.Length; i++) _ = clients[i].Start($"TAKE a {seconds[i]}");
        for (int second = 1; second <= 40; second++)
        {
            _fixture.Pass(1000);
            int served = Array.IndexOf(seconds, second);
            Assert.Equal("*-1", clients[served].TakeReply());
            Assert.Equal(40 - second, _fixture.Server.Blocking.Count);
        }
    }

    [Fact]
    public void Who_is_served_does_not_time_out_any_more()
    {
        TestClient client = _fixture.Connect();
        _ = client.Start("TAKE a 0.5");
        _writer.Run("SET a 1");
        Assert.Equal(0, _fixture.Server.Blocking.Timeouts.Count);
        _fixture.Pass(1000);
        Assert.Equal("*2 $1 a $1 1", client.TakeReply());
    }

    [Theory]
    [InlineData("TIMEOUT", "*-1")]
    [InlineData("ERROR", "-UNBLOCKED client unblocked via CLIENT UNBLOCK")]
    public void A_wait_is_ended_by_another_client(string reason, string reply)
    {
        TestClient client = _fixture.Connect();
        _ = client.Start("TAKE a 0");
        Assert.Equal(":1", _writer.Run($"CLIENT UNBLOCK {client.Session.Id} {reason}"));
        Assert.Equal(":0", _writer.Run($"CLIENT UNBLOCK {client.Session.Id}"));
        Assert.Equal(reply, client.TakeReply());
        _writer.Run("SET a 1");
        Assert.Equal("$1 1", _writer.Run("GET a"));
    }

    [Theory]
    [InlineData("DEL a")]
    [InlineData("FLUSHDB")]
    [InlineData("PEXPIREAT a 1")]
    [InlineData("RENAME a b")]
    public void Who_depends_on_a_key_is_woken_when_it_goes(string command)
    {
        TestClient client = _fixture.Connect();
        _writer.Run("SET a 1");
        _ = client.Start("AWAIT a 3");
        _writer.Run("APPEND a 2");
        Assert.Equal("", client.TakeReply());
        _writer.Run(command);
        Assert.Equal("-UNBLOCKED the key no longer exists", client.TakeReply());
    }

    [Fact]
    public void A_key_that_expires_wakes_as_one_that_is_deleted()
    {
        TestClient client = _fixture.Connect();
        _writer.Run("SET a 1 PX 50");
        _ = client.Start("AWAIT a 3");
        _fixture.Pass(100);
        Assert.Equal("-UNBLOCKED the key no longer exists", client.TakeReply());
    }

    [Fact]
    public async Task A_client_that_goes_leaves_its_place_and_its_request_ends()
    {
        TestClient gone = _fixture.Connect(), next = _fixture.Connect();
        Task waiting = gone.Start("TAKE a 10");
        _ = next.Start("TAKE a 10");
        _fixture.Engine.CloseSession(gone.Session);
        await waiting;
        Assert.StartsWith("-UNBLOCKED", gone.TakeReply(), StringComparison.Ordinal);
        _writer.Run("SET a 1");
        Assert.Equal("*2 $1 a $1 1", next.TakeReply());
        Assert.Equal(0, _fixture.Server.Blocking.Timeouts.Count);
    }

    [Fact]
    public void A_connection_that_is_being_closed_takes_nothing_from_the_next()
    {
        TestConnection connection = TestConnection.From("127.0.0.1:1");
        TestClient killed = _fixture.Connect(connection), next = _fixture.Connect();
        _ = killed.Start("TAKE a 0");
        _ = next.Start("TAKE a 0");
        Assert.True(connection.IsPaused);
        Assert.Equal(":1", _writer.Run("CLIENT KILL ADDR 127.0.0.1:1"));
        _writer.Run("SET a 1");
        Assert.Equal("", killed.TakeReply());
        Assert.Equal("*2 $1 a $1 1", next.TakeReply());
    }

    [Fact]
    public async Task What_a_door_posts_after_a_wait_runs_after_it_and_in_order()
    {
        TestClient client = _fixture.Connect();
        Task first = client.Start("TAKE a 0"), second = client.Start("TAKE b 0"), third = client.Start("PING");
        _writer.Run("SET b 2");
        Assert.Equal("", client.TakeReply());
        _writer.Run("SET a 1");
        await Task.WhenAll(first, second, third);
        Assert.Equal("*2 $1 a $1 1 *2 $1 b $1 2 +PONG", client.TakeReply());
    }

    [Fact]
    public void A_handler_that_fails_when_it_runs_again_costs_its_client_alone()
    {
        TestClient broken = _fixture.Connect(), next = _fixture.Connect();
        _ = broken.Start("BREAK a");
        _ = next.Start("TAKE a 0");
        _writer.Run("SET a 1");
        Assert.StartsWith("-ERR internal error in 'break'", broken.TakeReply(), StringComparison.Ordinal);
        Assert.Equal("*2 $1 a $1 1", next.TakeReply());
    }

    [Fact]
    public void A_skipped_reply_is_skipped_when_it_comes_late()
    {
        TestClient client = _fixture.Connect();
        _ = client.Start("CLIENT REPLY SKIP");
        _ = client.Start("TAKE a 0");
        _writer.Run("SET a 1");
        Assert.Equal("", client.TakeReply());
        Assert.Equal("+PONG", client.Run("PING"));
    }

    [Theory]
    [InlineData("abc", "-ERR timeout is not a float or out of range")]
    [InlineData("nan", "-ERR timeout is not a float or out of range")]
    [InlineData("-1", "-ERR timeout is negative")]
    [InlineData("inf", "-ERR timeout is negative")]
    [InlineData("1e16", "-ERR timeout is negative")]
    [InlineData("1e400", "-ERR timeout is negative")]
    public void A_timeout_that_is_none_is_refused_as_by_redis_server(string timeout, string error) =>
        Assert.Equal(error, _writer.Run($"TAKE a {timeout}"));

    [Theory]
    [InlineData("0.0001", 1)]
    [InlineData("0x1", 1000)]
    [InlineData("1.0005", 1001)]
    public void A_timeout_is_rounded_up_to_milliseconds(string timeout, int milliseconds)
    {
        TestClient client = _fixture.Connect();
        _ = client.Start($"TAKE a {timeout}");
        if (milliseconds > 1) _fixture.Pass(milliseconds - 1);
        Assert.Equal("", client.TakeReply());
        _fixture.Pass(1);
        Assert.Equal("*-1", client.TakeReply());
    }

    [Theory]
    [InlineData("-0.0001")]
    [InlineData("9223372036854000")]
    public void Zero_and_what_no_clock_reaches_wait_for_ever(string timeout)
    {
        TestClient client = _fixture.Connect();
        _ = client.Start($"TAKE a {timeout}");
        _fixture.Pass(1_000_000_000);
        Assert.True(client.Session.IsBlocked);
    }

    public void Dispose() => _fixture.Dispose();
}
