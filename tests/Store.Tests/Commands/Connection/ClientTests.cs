namespace Galley.Store.Tests.Commands.Connection;

public sealed class ClientTests
{
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
        client.Run("MULTI");
        client.Run("GET a");
        fixture.Time.Advance(3500);
        string line = asker.Run("CLIENT LIST ID " + client.Session.Id);
        Assert.Contains($"id={client.Session.Id} addr=10.0.0.1:77 laddr=127.0.0.1:6379 fd=-1 name=me age=3 idle=3 flags=Px db=2 "
            + "sub=2 psub=1 ssub=0 multi=1 ", line, StringComparison.Ordinal);
        Assert.EndsWith(" cmd=multi user=default redir=-1 resp=3 lib-name=lib lib-ver=1.2", line, StringComparison.Ordinal);
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
