using Galley.Resp.Protocol;
using Galley.Store.Commands;

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

    [Fact]
    public void Shard_channels_are_channels_of_their_own_and_counted_apart()
    {
        using var fixture = new EngineFixture();
        TestClient listener = fixture.Connect(), publisher = fixture.Connect();
        listener.Run("SUBSCRIBE a");
        Assert.Equal("*3 $10 ssubscribe $1 a :1 *3 $10 ssubscribe $1 b :2", listener.Run("SSUBSCRIBE a b"));
        Assert.Equal("*3 $9 subscribe $1 c :2", listener.Run("SUBSCRIBE c"));
        listener.Run("PSUBSCRIBE *");
        Assert.Equal(":1", publisher.Run("SPUBLISH a hi"));
        Assert.Equal(["*3 $8 smessage $1 a $2 hi"], listener.TakePushes());
        Assert.Equal(":0", publisher.Run("SPUBLISH c hi"));
        Assert.Equal("*4 $1 a :1 $1 c :0", publisher.Run("PUBSUB SHARDNUMSUB a c"));
        Assert.Equal("*1 $1 b", publisher.Run("PUBSUB SHARDCHANNELS b*"));
        Assert.Contains("pubsubshard_channels:2", publisher.Run("INFO stats"), StringComparison.Ordinal);
        Assert.Contains(" sub=2 psub=1 ssub=2 ", publisher.Run("CLIENT LIST"), StringComparison.Ordinal);

        Assert.Equal("+RESET", listener.Run("RESET"));
        Assert.Equal("*0", publisher.Run("PUBSUB SHARDCHANNELS"));
        Assert.Equal(":0", publisher.Run("SPUBLISH a hi"));
    }

    [Fact]
    public void Those_who_stay_hear_in_the_order_in_which_they_came_whoever_left()
    {
        using var fixture = new EngineFixture();
        var heard = new List<int>();
        Session[] listeners = [.. Enumerable.Range(0, 10).Select(i => Listen(fixture, i, heard))];
        TestClient.Run(fixture.Engine, listeners[3], "UNSUBSCRIBE c");
        TestClient.Run(fixture.Engine, listeners[0], "UNSUBSCRIBE");
        TestClient.Run(fixture.Engine, listeners[9], "RESET");
        TestClient.Run(fixture.Engine, listeners[3], "SUBSCRIBE c");

        Assert.Equal(":8", fixture.Connect().Run("PUBLISH c x"));

        Assert.Equal([1, 2, 4, 5, 6, 7, 8, 3], heard);
    }

    [Fact]
    public void All_who_hear_a_message_in_one_version_share_its_bytes()
    {
        using var fixture = new EngineFixture();
        TestClient[] listeners = [fixture.Connect(), fixture.Connect(), fixture.Connect()];
        listeners[2].Run("HELLO 3");
        foreach (TestClient listener in listeners) listener.Run("SUBSCRIBE c");

        fixture.Connect().Run("PUBLISH c x");

        ReadOnlyMemory<byte>[] pushed = [.. listeners.Select(listener => listener.LastPush)];
        Assert.True(pushed[0].Equals(pushed[1]));
        Assert.False(pushed[0].Equals(pushed[2]));
    }

    [Theory]
    [InlineData("pubsub 100000 0 0", 0)]
    [InlineData("pubsub 0 50000 3", 3500)]
    public void Who_does_not_read_what_is_published_is_cut_off(string limit, int afterMs)
    {
        using var fixture = new EngineFixture();
        TestConnection connection = TestConnection.From("10.0.0.1:1");
        var session = new Session(99, SessionKind.Resp, connection.Output) { Connection = connection, IsAuthenticated = true };
        fixture.Server.Sessions.Add(session);
        TestClient.Run(fixture.Engine, session, "SSUBSCRIBE c");
        TestClient publisher = fixture.Connect();
        publisher.Run("CONFIG", "SET", "client-output-buffer-limit", limit);
        for (int i = 0; i < 9; i++) publisher.Run("SPUBLISH", "c", new string('x', 10_000));
        Assert.False(connection.WasAborted);

        if (afterMs == 0) publisher.Run("SPUBLISH", "c", new string('x', 20_000));
        else fixture.Pass(afterMs);

        Assert.True(connection.WasAborted);
        Assert.Equal(1, fixture.Server.Stats.OutputLimitDisconnections);
    }

    [Fact]
    public void A_door_that_tells_what_waits_is_told_to_end_its_client()
    {
        using var fixture = new EngineFixture();
        TestClient listener = fixture.Connect(), publisher = fixture.Connect();
        listener.Run("SUBSCRIBE c");
        publisher.Run("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1000 0 0");
        listener.PendingBytes = 999;
        publisher.Run("PUBLISH c x");
        Assert.DoesNotContain("killed", listener.TakePushes());
        Assert.Contains(" omem=999 ", publisher.Run("CLIENT LIST"), StringComparison.Ordinal);

        listener.PendingBytes = 1000;
        publisher.Run("PUBLISH c x");
        publisher.Run("PUBLISH c x");

        Assert.Single(listener.TakePushes(), push => push == "killed");
        Assert.Equal(1, fixture.Server.Stats.OutputLimitDisconnections);
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

    /// <summary>A listener to channel c that notes its number for each message.</summary>
    private static Session Listen(EngineFixture fixture, int number, List<int> heard)
    {
        var session = new Session(100 + number, SessionKind.WebSocket, new OutputBuffer(), new Note(number, heard)) { IsAuthenticated = true };
        TestClient.Run(fixture.Engine, session, "SUBSCRIBE c");
        return session;
    }

    private sealed class Note(int number, List<int> heard) : ISessionOutput
    {
        public void Push(ReadOnlyMemory<byte> respPush, long logOffset) => heard.Add(number);

        public void Kill(bool afterReply) => heard.Add(-number);
    }
}
