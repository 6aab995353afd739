namespace Galley.Store.Tests.Commands.PubSub;

/// <summary>The events that Redis has had since 7.0: which fields they were of, and values that are replaced.</summary>
public sealed class FieldEventsTests
{
    [Theory]
    [InlineData("S", "__subkeyspace@0__:h hset|1:a,3:b:c")]
    [InlineData("T", "__subkeyevent@0__:hset 1:h|1:a,3:b:c")]
    [InlineData("I", "__subkeyspaceitem@0__:h\na hset; __subkeyspaceitem@0__:h\nb:c hset")]
    [InlineData("V", "__subkeyspaceevent@0__:hset|h 1:a,3:b:c")]
    [InlineData("EhV", "__keyevent@0__:hset h; __subkeyspaceevent@0__:hset|h 1:a,3:b:c")]
    [InlineData("EA", "__keyevent@0__:hset h")]
    [InlineData("KElSTIV", "")]
    public void Each_channel_is_asked_for_by_its_letter_and_the_class_of_hashes_or_none(string flags, string expected)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect(), listener = Listen(fixture, flags);
        client.Run("HSET h a 1 b:c 2");
        Assert.Equal(expected, Heard(listener));
    }

    [Theory]
    [InlineData("HSET h a 1 a 2", "hset 1:h|1:a,1:a")]
    [InlineData("HSETNX h a 1", "")]
    [InlineData("HSETNX h x 1", "hset 1:h|1:x")]
    [InlineData("HMSET h x 1", "hset 1:h|1:x")]
    [InlineData("HDEL h x b a y", "hdel 1:h|1:b,1:a")]
    [InlineData("HDEL h x y", "")]
    [InlineData("HINCRBY h a 1", "hincrby 1:h|1:a")]
    [InlineData("HINCRBYFLOAT h a 1", "hincrbyfloat 1:h|1:a")]
    [InlineData("HGETDEL h FIELDS 2 x b", "hdel 1:h|1:b")]
    [InlineData("HEXPIRE h 10 FIELDS 2 x b", "hexpire 1:h|1:b")]
    [InlineData("HEXPIRE h 0 FIELDS 2 x b", "hdel 1:h|1:b")]
    [InlineData("HPERSIST h FIELDS 2 b c", "hpersist 1:h|1:c")]
    [InlineData("HGETEX h FIELDS 1 c", "")]
    [InlineData("HGETEX h PERSIST FIELDS 2 b c", "hpersist 1:h|1:c")]
    [InlineData("HGETEX h EX 5 FIELDS 2 x c", "hexpire 1:h|1:c")]
    [InlineData("HSETEX h EX 5 FIELDS 1 x 1", "hset 1:h|1:x; hexpire 1:h|1:x")]
    [InlineData("HSETEX h EX 0 FIELDS 1 x 1", "hset 1:h|1:x; hdel 1:h|1:x")]
    [InlineData("DEL h", "")]
    public void Each_command_tells_of_the_fields_that_it_changed(string command, string expected)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HSET h a 1 b 2 c 3");
        client.Run("HEXPIRE h 100 FIELDS 1 c");
        TestClient listener = Listen(fixture, "T");
        client.Run(command);
        Assert.Equal(expected, Heard(listener).Replace("__subkeyevent@0__:", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Fields_that_expire_are_told_together_before_the_key_goes()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect(), listener = Listen(fixture, "EAT");
        client.Run("HSETEX h PX 10 FIELDS 2 a 1 b 2");
        Heard(listener);
        fixture.Pass(20);
        Assert.Equal("__keyevent@0__:hexpired h; __subkeyevent@0__:hexpired 1:h|1:a,1:b; __keyevent@0__:del h", Heard(listener));
    }

    [Fact]
    public void Events_of_a_transaction_keep_their_order()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect(), listener = Listen(fixture, "EAT");
        client.Run("MULTI");
        client.Run("HSET h a 1");
        client.Run("PUBLISH __mine x");
        client.Run("HDEL h a");
        client.Run("EXEC");
        Assert.Equal("__keyevent@0__:hset h; __subkeyevent@0__:hset 1:h|1:a; __mine x; "
            + "__keyevent@0__:hdel h; __subkeyevent@0__:hdel 1:h|1:a; __keyevent@0__:del h", Heard(listener));
    }

    [Fact]
    public void A_key_with_a_newline_has_no_channels_of_items()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect(), listener = Listen(fixture, "IV");
        client.Run("HSET", "a\nb", "f", "1");
        Assert.Equal("__subkeyspaceevent@0__:hset|a\nb 1:f", Heard(listener));
    }

    [Theory]
    [InlineData("SET s 1", "overwritten; set")]
    [InlineData("SET l 1", "overwritten; type_changed; set")]
    [InlineData("SET absent 1", "set")]
    [InlineData("SET s 1 NX", "")]
    [InlineData("SET s 1 XX GET", "overwritten; set")]
    [InlineData("SETEX l 100 v", "overwritten; type_changed; set; expire")]
    [InlineData("GETSET s v", "overwritten; set")]
    [InlineData("MSET absent 1 s 2", "set; overwritten; set")]
    [InlineData("MSETEX 2 absent 1 l 2 EX 100", "set; expire; overwritten; type_changed; set; expire")]
    [InlineData("BITOP NOT l s", "overwritten; type_changed; set")]
    [InlineData("SUNIONSTORE l members", "overwritten; type_changed; sunionstore")]
    [InlineData("SUNIONSTORE l absent", "del")]
    [InlineData("ZRANGESTORE z z 0 -1", "overwritten; zrangestore")]
    [InlineData("SORT l STORE z", "overwritten; type_changed; sortstore")]
    [InlineData("RENAME s l", "rename_from; rename_to; overwritten; type_changed")]
    [InlineData("RENAME s absent", "rename_from; rename_to")]
    [InlineData("COPY s members REPLACE", "copy_to; overwritten; type_changed")]
    [InlineData("COPY z z2", "copy_to")]
    [InlineData("APPEND s 1", "append")]
    [InlineData("SETRANGE s 0 x", "setrange")]
    [InlineData("INCR s", "incrby")]
    [InlineData("RPUSH l 1", "rpush")]
    public void A_value_that_is_replaced_is_told_of(string command, string expected)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET s 5");
        client.Run("RPUSH l 1 2");
        client.Run("SADD members a b");
        client.Run("ZADD z 1 a");
        TestClient listener = Listen(fixture, "KAoc");
        client.Run(command);
        Assert.Equal(expected, string.Join("; ", listener.TakePushes().Select(push => push.Split(' ')[^1])));
    }

    private static TestClient Listen(EngineFixture fixture, string flags)
    {
        TestClient listener = fixture.Connect();
        Assert.Equal("+OK", listener.Run("CONFIG SET notify-keyspace-events " + flags));
        listener.Run("PSUBSCRIBE __*");
        return listener;
    }

    /// <summary>Channels and messages, in their order.</summary>
    private static string Heard(TestClient listener) => string.Join("; ", listener.TakePushes().Select(push =>
    {
        string[] words = push.Split(' ');
        return words[^3] + " " + words[^1];
    }));
}
