using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Connection;

public sealed class ClientTests
{
    [Fact]
    public void Who_is_idle_goes_but_neither_who_still_takes_what_it_was_sent_nor_a_monitor()
    {
        using var fixture = new EngineFixture(configure: settings => settings.Timeout = 2);
        TestConnection idle = TestConnection.From("10.0.0.1:1"), reader = TestConnection.From("10.0.0.1:2"), monitor = TestConnection.From("10.0.0.1:3");
        fixture.Connect(idle);
        fixture.Connect(reader);
        fixture.Connect(monitor).Run("MONITOR");
        for (int i = 0; i < 5; i++)
        {
            reader.Output.Append("a part of a large reply"u8);
            reader.Output.Drain();
            fixture.Pass(1000);
        }
        Assert.Equal((true, false, false), (idle.WasAborted, reader.WasAborted, monitor.WasAborted));
        for (int i = 0; i < 3; i++) fixture.Pass(1000);
        Assert.Equal((true, false), (reader.WasAborted, monitor.WasAborted));
    }

    [Fact]
    public void Reset_makes_a_client_as_new()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HELLO 3");
        client.Run("SELECT 5");
        client.Run("CLIENT SETNAME me");
        client.Run("CLIENT NO-TOUCH ON");
        client.Run("SUBSCRIBE a");
        client.Run("MULTI");
        Assert.Equal("+RESET", client.Run("RESET"));
        Assert.Equal("$-1", client.Run("CLIENT GETNAME"));
        Assert.Equal("-ERR EXEC without MULTI", client.Run("EXEC"));
        Assert.Equal(":0", fixture.Connect().Run("PUBLISH a x"));
        Assert.Contains(" flags=N db=0 ", client.Run("CLIENT INFO"), StringComparison.Ordinal);
    }

    [Fact]
    public void List_tells_what_a_client_has_under_way()
    {
        using var fixture = new EngineFixture();
        TestClient asker = fixture.Connect(), client = fixture.Connect(TestConnection.From("10.0.0.1:77"));
        client.Run("HELLO 3 SETNAME me");
        client.Run("CLIENT SETINFO LIB-NAME lib");
        client.Run("CLIENT SETINFO lib-ver 1.2");
        client.Run("SELECT 2");
        client.Run("SUBSCRIBE a b");
        client.Run("PSUBSCRIBE p*");
        client.Run("WATCH k l m");
        client.Run("MULTI");
        client.Run("GET a");
        fixture.Time.Advance(3500);
        string line = asker.Run("CLIENT LIST ID " + client.Session.Id);
        Assert.Contains($"id={client.Session.Id} addr=10.0.0.1:77 laddr=127.0.0.1:6379 fd=-1 name=me age=3 idle=3 flags=Px db=2 "
            + "sub=2 psub=1 ssub=0 multi=1 watch=3 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=20 ", line, StringComparison.Ordinal);
        Assert.Contains(" cmd=get user=default redir=-1 resp=3 lib-name=lib lib-ver=1.2 io-thread=0 tot-net-in=", line, StringComparison.Ordinal);
        Assert.EndsWith(" tot-cmds=8", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ADDR 10.0.0.1:1", "one")]
    [InlineData("LADDR 127.0.0.1:6379", "one two listener")]
    [InlineData("TYPE pubsub", "listener")]
    [InlineData("TYPE normal", "one two")]
    [InlineData("TYPE master", "")]
    [InlineData("USER default TYPE normal ADDR 10.0.0.2:2", "two")]
    [InlineData("MAXAGE 1", "one two")]
    [InlineData("MAXAGE 1 TYPE pubsub", "")]
    [InlineData("USER default", "one two listener")]
    [InlineData("IP 10.0.0.2", "two")]
    [InlineData("FLAGS P", "listener")]
    [InlineData("NOT-TYPE pubsub not-addr 10.0.0.1:1", "two")]
    [InlineData("DB 0 IDLE 1", "one two")]
    [InlineData("NAME nobody", "")]
    [InlineData("NOT-NAME nobody LIB-NAME x", "")]
    [InlineData("TYPE primary", "")]
    [InlineData("NOT-ID 1 2 TYPE normal", "two")]
    [InlineData("ID 99 2 3", "one two")]
    [InlineData("CAPA r", "")]
    [InlineData("ID 1 ID 99", "")]
    [InlineData("TYPE pubsub TYPE normal", "one two")]
    public void Kill_closes_the_clients_that_pass_all_filters(string filters, string expected)
    {
        using var fixture = new EngineFixture();
        TestConnection self = TestConnection.From("10.0.0.9:9"), one = TestConnection.From("10.0.0.1:1"),
            two = TestConnection.From("10.0.0.2:2"), listener = TestConnection.From("10.0.0.3:3");
        TestClient killer = fixture.Connect(self);
        fixture.Connect(one);
        fixture.Connect(two);
        fixture.Time.Advance(1500);
        killer.Run("PING");
        fixture.Connect(listener).Run("SUBSCRIBE a");
        (string Name, TestConnection Connection)[] clients = [("one", one), ("two", two), ("listener", listener)];

        string reply = killer.Run("CLIENT KILL " + filters);

        string killed = string.Join(' ', clients.Where(client => client.Connection.WasAborted).Select(client => client.Name));
        Assert.Equal(expected, killed);
        Assert.Equal(":" + expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, reply);
        Assert.False(self.CloseAfterReply);
    }

    [Fact]
    public void Who_kills_itself_gets_the_reply_first()
    {
        using var fixture = new EngineFixture();
        TestConnection self = TestConnection.From("10.0.0.9:9");
        Assert.Equal("+OK", fixture.Connect(self).Run("CLIENT KILL 10.0.0.9:9"));
        Assert.True(self.CloseAfterReply);
        Assert.False(self.WasAborted);
        Assert.Equal("-ERR No such client", fixture.Connect().Run("CLIENT KILL 10.0.0.8:8"));
    }

    [Fact]
    public void A_door_of_its_own_is_told_to_close_a_session_and_one_without_is_left_alone()
    {
        using var fixture = new EngineFixture();
        TestClient killer = fixture.Connect(), socket = fixture.Connect();
        Session http = fixture.Engine.OpenSession(SessionKind.Http, "10.0.0.5:5");
        Assert.Equal(":1", killer.Run("CLIENT KILL USER default"));
        Assert.Equal(["killed"], socket.TakePushes());
        Assert.False(http.IsKilled);
        Assert.DoesNotContain($"id={socket.Session.Id} ", killer.Run("CLIENT LIST"), StringComparison.Ordinal);
        Assert.Equal(":0", killer.Run("CLIENT KILL USER default"));
        Assert.Equal(":1", killer.Run("CLIENT KILL SKIPME no ID " + killer.Session.Id));
        Assert.Equal(["killed after the reply"], killer.TakePushes());
    }

    [Theory]
    [InlineData("TYPE pubsub", "listener")]
    [InlineData("ID 2", "listener")]
    [InlineData("NAME asker FLAGS N", "asker")]
    [InlineData("NOT-ID 2 SKIPME no", "asker")]
    [InlineData("SKIPME yes", "listener")]
    public void List_takes_the_filters_of_kill(string filters, string expected)
    {
        using var fixture = new EngineFixture();
        TestClient asker = fixture.Connect(), listener = fixture.Connect();
        asker.Run("CLIENT SETNAME asker");
        listener.Run("CLIENT SETNAME listener");
        listener.Run("SUBSCRIBE a");
        string lines = asker.Run("CLIENT LIST " + filters);
        Assert.Equal(expected, System.Text.RegularExpressions.Regex.Match(lines, " name=([a-z]+) ").Groups[1].Value);
        Assert.Equal(1, lines.Split("id=").Length - 1);
    }

    [Theory]
    [InlineData("CLIENT KILL TYPE a\r\nb", "-ERR Unknown client type 'a  b'")]
    [InlineData("CLIENT KILL USER a\r\nb\0c", "-ERR No such user 'a  b'")]
    [InlineData("CLIENT SETINFO a\r\nb c", "-ERR Unrecognized option 'a  b'")]
    [InlineData("CLIENT LIST NOT-\r\n x", "-ERR syntax error")]
    [InlineData("LATENCY GRAPH a\r\n+OK", "-ERR No samples available for event 'a  +OK'")]
    [InlineData("HELLO 2 a\r\nb", "-ERR Syntax error in HELLO option 'a  b'")]
    public void Nobody_forges_a_reply_with_what_is_quoted(string command, string expected)
    {
        using var fixture = new EngineFixture();
        Assert.Equal(expected, fixture.Connect().Run(command));
    }

    [Fact]
    public void What_a_silent_client_publishes_to_itself_and_subscribes_to_still_comes()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HELLO 3");
        client.Run("CLIENT REPLY OFF");
        Assert.Equal(">3 $9 subscribe $1 a :1", client.Run("SUBSCRIBE a"));
        Assert.Equal("", client.Run("PUBLISH a x"));
        Assert.Equal([">3 $7 message $1 a $1 x"], client.TakePushes());
        Assert.Equal(">3 $11 unsubscribe $1 a :0", client.Run("UNSUBSCRIBE"));
        Assert.Equal("", client.Run("PING"));
        Assert.Equal("+RESET", client.Run("RESET"));
        Assert.Equal("+PONG", client.Run("PING"));
    }

    [Fact]
    public void A_message_to_oneself_comes_over_the_connection_though_the_reply_does_not()
    {
        using var fixture = new EngineFixture();
        TestConnection connection = TestConnection.From("10.0.0.1:1");
        var session = new Session(99, SessionKind.Resp, connection.Output) { Connection = connection, IsAuthenticated = true };
        foreach (string command in (string[])["HELLO 3", "SUBSCRIBE a", "CLIENT REPLY OFF"]) TestClient.Run(fixture.Engine, session, command);
        Assert.Equal(">3 $7 message $1 a $1 x", TestClient.Run(fixture.Engine, session, "PUBLISH a x"));
        Assert.Equal("", TestClient.Run(fixture.Engine, session, "PING"));
    }

    [Fact]
    public void Commands_that_are_not_answered_are_run()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        Assert.Equal("", client.Run("CLIENT REPLY OFF"));
        Assert.Equal("", client.Run("SET a 1"));
        Assert.Equal("", client.Run("CLIENT REPLY SKIP"));
        Assert.Equal("", client.Run("PING"));
        Assert.Equal("+OK", client.Run("CLIENT REPLY ON"));
        Assert.Equal("$1 1", client.Run("GET a"));
        Assert.Equal("", client.Run("CLIENT REPLY SKIP"));
        Assert.Equal("", client.Run("GET a"));
        Assert.Equal("$1 1", client.Run("GET a"));
    }

    [Theory]
    [InlineData("ON", "10")]
    [InlineData("OFF", "0")]
    public void No_touch_leaves_the_time_of_last_use(string mode, string idleSeconds)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET a 1");
        client.Run("CLIENT NO-TOUCH " + mode);
        fixture.Time.Advance(10_000);
        client.Run("GET a");
        Assert.Equal(":" + idleSeconds, client.Run("OBJECT IDLETIME a"));
        client.Run("TOUCH a");
        Assert.Equal(":0", client.Run("OBJECT IDLETIME a"));
    }

    [Fact]
    public void Quit_is_answered_and_then_the_connection_closes()
    {
        using var fixture = new EngineFixture();
        TestConnection connection = TestConnection.From("10.0.0.1:1");
        Assert.Equal("+OK", fixture.Connect(connection).Run("QUIT"));
        Assert.True(connection.CloseAfterReply);
    }
}
