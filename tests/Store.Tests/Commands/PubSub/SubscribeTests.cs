namespace Galley.Store.Tests.Commands.PubSub;

public sealed class SubscribeTests
{
    [Theory]
    [InlineData(2, "*3 $7 message $2 ch $2 hi", "*4 $8 pmessage $2 c* $2 ch $2 hi")]
    [InlineData(3, ">3 $7 message $2 ch $2 hi", ">4 $8 pmessage $2 c* $2 ch $2 hi")]
    public void A_message_reaches_channel_and_pattern_in_the_listener_s_protocol(int version, string byChannel, string byPattern)
    {
        using var fixture = new EngineFixture();
        TestClient listener = fixture.Connect();
        listener.Run("HELLO", version.ToString());
        char push = version == 2 ? '*' : '>';
        Assert.Equal($"{push}3 $9 subscribe $2 ch :1 {push}3 $9 subscribe $1 x :2", listener.Run("SUBSCRIBE ch x"));
        Assert.Equal($"{push}3 $10 psubscribe $2 c* :3", listener.Run("PSUBSCRIBE c*"));
        Assert.Equal(":2", fixture.Connect().Run("PUBLISH ch hi"));
        Assert.Equal([byChannel, byPattern], listener.TakePushes());
    }

    [Fact]
    public void Who_leaves_hears_nothing_more_and_is_told_how_much_is_left()
    {
        using var fixture = new EngineFixture();
        TestClient listener = fixture.Connect(), publisher = fixture.Connect();
        Assert.Equal("*3 $11 unsubscribe $-1 :0", listener.Run("UNSUBSCRIBE"));
        Assert.Equal("*3 $11 unsubscribe $1 q :0", listener.Run("UNSUBSCRIBE q"));
        listener.Run("SUBSCRIBE a b");
        listener.Run("PSUBSCRIBE p*");
        Assert.Equal("*3 $11 unsubscribe $1 a :2", listener.Run("UNSUBSCRIBE a"));
        Assert.Equal(":0", publisher.Run("PUBLISH a x"));
        Assert.Equal("*3 $11 unsubscribe $1 b :1", listener.Run("UNSUBSCRIBE"));
        Assert.Equal("*3 $12 punsubscribe $2 p* :0", listener.Run("PUNSUBSCRIBE"));
        Assert.Equal(":0", publisher.Run("PUBLISH p x"));
        Assert.Empty(listener.TakePushes());
        Assert.Equal("+PONG", listener.Run("PING"));
    }

    [Fact]
    public void A_resp2_listener_may_only_listen()
    {
        using var fixture = new EngineFixture();
        TestClient listener = fixture.Connect();
        listener.Run("SUBSCRIBE a");
        Assert.Equal("-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context",
            listener.Run("GET a"));
        Assert.Equal("*2 $4 pong $0", listener.Run("PING"));
        Assert.Equal("*2 $4 pong $2 hi", listener.Run("PING hi"));
        Assert.Equal("+RESET", listener.Run("RESET"));
        Assert.Equal("$-1", listener.Run("GET a"));
        Assert.Equal("*0", listener.Run("PUBSUB CHANNELS"));
    }

    [Fact]
    public void A_resp3_listener_may_do_all()
    {
        using var fixture = new EngineFixture();
        TestClient listener = fixture.Connect();
        listener.Run("HELLO 3");
        listener.Run("SUBSCRIBE a");
        Assert.Equal("+OK", listener.Run("SET a 1"));
        Assert.Equal("+PONG", listener.Run("PING"));
        Assert.Equal(":1", listener.Run("PUBLISH a x"));
        Assert.Single(listener.TakePushes());
    }

    [Fact]
    public void Pubsub_tells_who_listens()
    {
        using var fixture = new EngineFixture();
        TestClient asker = fixture.Connect();
        fixture.Connect().Run("SUBSCRIBE a b");
        TestClient other = fixture.Connect();
        other.Run("SUBSCRIBE a");
        other.Run("PSUBSCRIBE x* y*");
        Assert.Equal("*1 $1 b", asker.Run("PUBSUB CHANNELS [b-z]"));
        Assert.Equal("*6 $1 a :2 $1 b :1 $1 c :0", asker.Run("PUBSUB NUMSUB a b c"));
        Assert.Equal(":2", asker.Run("PUBSUB NUMPAT"));
    }

    [Theory]
    [InlineData("DEL a", "del a")]
    [InlineData("UNLINK a", "del a")]
    [InlineData("EXPIRE a 10", "expire a")]
    [InlineData("EXPIRE a -1", "del a")]
    [InlineData("RENAME a b", "rename_from a; rename_to b")]
    [InlineData("RENAMENX a b", "rename_from a; rename_to b")]
    [InlineData("COPY a b", "copy_to b")]
    [InlineData("MOVE a 1", "move_from a; move_to a")]
    [InlineData("PERSIST old", "persist old")]
    [InlineData("EXISTS none", "keymiss none")]
    [InlineData("FLUSHALL", "")]
    public void A_change_is_told_as_a_keyspace_event(string command, string expected)
    {
        using var fixture = new EngineFixture(configure: settings => settings.Parameters.Load("notify-keyspace-events", ["AKEm"]));
        TestClient listener = fixture.Connect(), writer = fixture.Connect();
        writer.Run("SET a 1");
        writer.Run("SET old 1 EX 1000");
        listener.Run("PSUBSCRIBE __keyevent@*");
        writer.Run(command);
        // *4 $8 pmessage $13 pattern $n __keyevent@0__:event $n key
        IEnumerable<string> events = listener.TakePushes().Select(push => push.Split(' '))
            .Select(words => words[6].Split("__:")[1] + " " + words[8]);
        Assert.Equal(expected, string.Join("; ", events));
    }
}
