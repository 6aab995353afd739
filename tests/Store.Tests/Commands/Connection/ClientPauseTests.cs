using Galley.Resp.Protocol;
using Galley.Store.Engine;

namespace Galley.Store.Tests.Commands.Connection;

public sealed class ClientPauseTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _admin, _client;

    public ClientPauseTests()
    {
        _admin = _fixture.Connect();
        _client = _fixture.Connect();
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Under_write_those_who_read_go_on_and_those_who_write_wait()
    {
        Assert.Equal("+OK", _admin.Run("CLIENT PAUSE 1000 WRITE"));
        _ = _client.Start("SET a 1");
        Assert.Equal("", _client.TakeReply());
        Assert.Equal("$-1", _admin.Run("GET a"));
        Assert.Contains("flags=b ", _admin.Run($"CLIENT LIST ID {_client.Session.Id}"), StringComparison.Ordinal);
        string info = _admin.Run("INFO clients");
        foreach (string field in (string[])["blocked_clients:1 ", "paused_reason:client_pause ", "paused_actions:write ", "paused_timeout_milliseconds:1000"])
            Assert.Contains(field, info, StringComparison.Ordinal);
        _fixture.Pass(999);
        Assert.Equal("", _client.TakeReply());
        _fixture.Pass(1);
        Assert.Equal("+OK", _client.TakeReply());
        Assert.Equal("$1 1", _admin.Run("GET a"));
        Assert.Contains("paused_reason:none", _admin.Run("INFO clients"), StringComparison.Ordinal);
    }

    [Fact]
    public void Under_all_everybody_waits_who_ends_the_pause_too()
    {
        _admin.Run("CLIENT PAUSE 500");
        _ = _client.Start("PING");
        _ = _admin.Start("CLIENT UNPAUSE");
        Assert.Equal("", _client.TakeReply() + _admin.TakeReply());
        _fixture.Pass(500);
        Assert.Equal("+PONG", _client.TakeReply());
        Assert.Equal("+OK", _admin.TakeReply());
    }

    [Fact]
    public void What_waited_runs_in_its_order_when_the_pause_is_ended()
    {
        TestClient[] clients = [.. Enumerable.Range(0, 200).Select(_ => _fixture.Connect())];
        _admin.Run("CLIENT PAUSE 1000 WRITE");
        for (int i = 0; i < clients.Length; i++) _ = clients[i].Start($"APPEND a {(char)('a' + i % 26)}");
        Assert.Equal("+OK", _admin.Run("CLIENT UNPAUSE"));
        string letters = string.Concat(Enumerable.Range(0, 200).Select(i => (char)('a' + i % 26)));
        Assert.Equal($"$200 {letters}", _admin.Run("GET a"));
        for (int i = 0; i < clients.Length; i++) Assert.Equal($":{i + 1}", clients[i].TakeReply());
        Assert.Equal(0, _fixture.Server.Blocking.Count);
    }

    [Fact]
    public void A_second_pause_makes_the_first_no_shorter_and_no_milder()
    {
        // Both in one transaction: under ALL the second would wait.
        foreach (string command in (string[])["MULTI", "CLIENT PAUSE 300 ALL", "CLIENT PAUSE 1000 WRITE", "CLIENT PAUSE 1 WRITE"]) _admin.Run(command);
        Assert.Equal("*3 +OK +OK +OK", _admin.Run("EXEC"));
        _ = _client.Start("GET a");
        _fixture.Pass(999);
        Assert.Equal("", _client.TakeReply());
        _fixture.Pass(1);
        Assert.Equal("$-1", _client.TakeReply());
    }

    [Fact]
    public void A_transaction_that_writes_waits_at_exec_and_one_that_reads_does_not()
    {
        TestClient reader = _fixture.Connect(), queueing = _fixture.Connect();
        foreach (TestClient client in (TestClient[])[_client, reader, queueing]) client.Run("MULTI");
        _client.Run("SET a 1");
        reader.Run("GET a");
        _admin.Run("CLIENT PAUSE 1000 WRITE");
        _ = _client.Start("EXEC");
        _ = queueing.Start("SET b 1");
        Assert.Equal("*1 $-1", reader.Run("EXEC"));
        Assert.Equal("", _client.TakeReply() + queueing.TakeReply());
        _admin.Run("CLIENT UNPAUSE");
        Assert.Equal("*1 +OK", _client.TakeReply());
        Assert.Equal("+QUEUED", queueing.TakeReply());
    }

    [Theory]
    [InlineData("PUBLISH c m", ":0")]
    [InlineData("GETEX a", "$-1")]
    [InlineData("FLUSHALL", "+OK")]
    public void What_replicas_would_see_waits(string command, string reply)
    {
        _admin.Run("CLIENT PAUSE 1000 WRITE");
        _ = _client.Start(command);
        Assert.Equal("", _client.TakeReply());
        _admin.Run("CLIENT UNPAUSE");
        Assert.Equal(reply, _client.TakeReply());
    }

    [Theory]
    [InlineData("SET", "-ERR wrong number of arguments for 'set' command")]
    [InlineData("NO-SUCH", "-ERR unknown command 'NO-SUCH', with args beginning with: ")]
    public void What_is_refused_does_not_wait(string command, string error)
    {
        _admin.Run("CLIENT PAUSE 1000 WRITE");
        Assert.Equal(error.TrimEnd(), _client.Run(command));
    }

    [Fact]
    public void Nothing_expires_meanwhile_and_nobody_sees_it_who_reads()
    {
        _admin.Run("SET a 1 PX 100");
        _fixture.TakeLog();
        _admin.Run("CLIENT PAUSE 1000 WRITE");
        _fixture.Pass(500);
        Assert.Equal("$-1", _client.Run("GET a"));
        Assert.Equal(":-2", _client.Run("TTL a"));
        Assert.Equal(":1", _client.Run("DBSIZE"));
        Assert.Equal("$1 a", _client.Run("RANDOMKEY"));
        Assert.Equal("*0", _client.Run("KEYS *"));
        Assert.Equal("", _fixture.TakeLog());
        _fixture.Pass(500);
        _fixture.Pass(100);
        Assert.Equal(":0", _client.Run("DBSIZE"));
        Assert.Equal("DEL a", _fixture.TakeLog());
    }

    [Fact]
    public void Whoever_waits_for_a_pause_cannot_be_unblocked_and_may_go()
    {
        _admin.Run("CLIENT PAUSE 1000 WRITE");
        Task waiting = _client.Start("SET a 1");
        Assert.Equal(":0", _admin.Run($"CLIENT UNBLOCK {_client.Session.Id} ERROR"));
        _fixture.Engine.CloseSession(_client.Session);
        Assert.Equal(0, _fixture.Server.Blocking.Count);
        _admin.Run("CLIENT UNPAUSE");
        Assert.Equal("$-1", _admin.Run("GET a"));
        Assert.StartsWith("-UNBLOCKED", _client.TakeReply(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_door_s_transaction_waits_as_a_whole_and_what_follows_behind_it()
    {
        _admin.Run("CLIENT PAUSE 1000 WRITE");
        Task transaction = PostAtomic("GET a", "SET a 1");
        Task after = _client.Start("GET a");
        Assert.Equal("", _client.TakeReply());
        _admin.Run("CLIENT UNPAUSE");
        await Task.WhenAll(transaction, after);
        Assert.Equal("*2 $-1 +OK $1 1", _client.TakeReply());
    }

    [Fact]
    public async Task A_door_s_transaction_that_reads_goes_on_under_write_and_waits_under_all()
    {
        _admin.Run("CLIENT PAUSE 1000 WRITE");
        await PostAtomic("GET a", "PING");
        Assert.Equal("*2 $-1 +PONG", _client.TakeReply());
        _admin.Run("CLIENT PAUSE 1000 ALL");
        Task waiting = PostAtomic("GET a", "NO-SUCH");
        Assert.Equal("", _client.TakeReply());
        _fixture.Pass(1000);
        await waiting;
        Assert.StartsWith("-EXECABORT", _client.TakeReply(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CLIENT PAUSE a", "-ERR timeout is not an integer or out of range")]
    [InlineData("CLIENT PAUSE -1", "-ERR timeout is negative")]
    [InlineData("CLIENT PAUSE a FOO", "-ERR CLIENT PAUSE mode must be WRITE or ALL")]
    [InlineData("CLIENT PAUSE 1 WRITE ALL", "-ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.")]
    [InlineData("CLIENT UNBLOCK a FOO", "-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")]
    [InlineData("CLIENT UNBLOCK 1 2 3", "-ERR unknown subcommand or wrong number of arguments for 'UNBLOCK'. Try CLIENT HELP.")]
    public void What_is_wrong_is_said_in_the_words_of_redis_server(string command, string error) => Assert.Equal(error, _client.Run(command));

    private Task PostAtomic(params string[] commands)
    {
        var request = new DoorRequest { Session = _client.Session, IsAtomic = true };
        foreach (string command in commands)
        {
            Arguments arguments = Arguments.Of([.. command.Split(' ').Select(System.Text.Encoding.Latin1.GetBytes)]);
            request.Add(in arguments);
        }
        return _fixture.Engine.ExecuteAsync(request).AsTask();
    }
}
