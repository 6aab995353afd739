using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Engine;

namespace Galley.Store.Tests.Commands.Hashes;

/// <summary>Fields that expire: who sees them, who takes them away, and what the log is told.</summary>
public sealed class FieldExpiryTests
{
    public static TheoryData<int> PartitionCounts => EngineFixture.PartitionCounts;

    /// <summary>Partitions, and fields of a hash: few are packed, many are a table.</summary>
    public static TheoryData<int, int> PartitionsAndFields
    {
        get
        {
            TheoryData<int, int> data = [];
            foreach (int partitions in (int[])[1, 4, 16384])
                foreach (int fields in (int[])[3, 500]) data.Add(partitions, fields);
            return data;
        }
    }

    [Theory]
    [InlineData("HEXPIRE h 100 FIELDS 1 a", 100_000)]
    [InlineData("HPEXPIRE h 1500 NX FIELDS 1 a", 1500)]
    [InlineData("HGETEX h PX 1500 FIELDS 1 a", 1500)]
    public void The_log_holds_the_time_and_not_the_span(string command, long spanMs)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HSET h a 1");
        fixture.TakeLog();
        client.Run(command);
        Assert.Equal($"HPEXPIREAT h {fixture.Time.NowMs + spanMs} FIELDS 1 a", fixture.TakeLog());
    }

    [Fact]
    public void The_log_names_only_the_fields_that_were_met()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HSET h a 1 b 2 c 3");
        client.Run("HEXPIRE h 10 FIELDS 1 b");
        fixture.TakeLog();
        Assert.Equal("*3 :1 :0 :-2", client.Run("HEXPIRE h 20 NX FIELDS 3 a b x"));
        Assert.Equal($"HPEXPIREAT h {fixture.Time.NowMs + 20_000} FIELDS 1 a", fixture.TakeLog());
        Assert.Equal("*2 :1 :-1", client.Run("HPERSIST h FIELDS 2 a c"));
        Assert.Equal("HPERSIST h FIELDS 1 a", fixture.TakeLog());
        Assert.Equal("*2 :2 :2", client.Run("HPEXPIREAT h 1 FIELDS 2 a b"));
        Assert.Equal("HDEL h a b", fixture.TakeLog());
        Assert.Equal("*1 $1 3", client.Run("HGETDEL h FIELDS 1 c"));
        Assert.Equal("HDEL h c", fixture.TakeLog());
        Assert.Equal(":0", client.Run("EXISTS h"));
    }

    [Fact]
    public void HSETEX_is_logged_as_commands_that_keep_time_absolute()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HSET h x 0");
        fixture.TakeLog();
        client.Run("HSETEX h PX 1500 FIELDS 2 a 1 b 2");
        long at = fixture.Time.NowMs + 1500;
        Assert.Equal($"MULTI; HSET h a 1 b 2; HPEXPIREAT h {at} FIELDS 2 a b; EXEC", fixture.TakeLog());
        client.Run("HSETEX h KEEPTTL FIELDS 2 a 3 c 4");
        Assert.Equal($"MULTI; HSET h a 3 c 4; HPEXPIREAT h {at} FIELDS 1 a; EXEC", fixture.TakeLog());
        client.Run("HINCRBYFLOAT h a 0.5");
        Assert.Equal($"MULTI; HSET h a 3.5; HPEXPIREAT h {at} FIELDS 1 a; EXEC", fixture.TakeLog());
        client.Run("HINCRBY h b 1");
        Assert.Equal("*3 :1500 :1500 :-1", client.Run("HPTTL h FIELDS 3 a b c"));
        client.Run("HSET h a 1");
        Assert.Equal("*1 :-1", client.Run("HPTTL h FIELDS 1 a"));
    }

    [Theory, MemberData(nameof(PartitionsAndFields))]
    public void Fields_go_when_the_hash_is_met(int partitions, int fields)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        Fill(client, "h", fields);
        client.Run("HSET h stays 1");
        fixture.TakeLog();
        fixture.Time.Advance(999);
        Assert.Equal(":" + (fields + 1), client.Run("HLEN h"));
        fixture.Time.Advance(1);
        Assert.Equal("*1 $-1", client.Run("HMGET h f0"));
        Assert.StartsWith("HDEL h f", fixture.TakeLog());
        Assert.Equal(":1", client.Run("HLEN h"));
        Assert.Equal("*2 $5 stays $1 1", client.Run("HGETALL h"));
        Assert.Equal("$5 stays", client.Run("HRANDFIELD h"));
        Assert.Equal(0, fixture.Database.ExpiringHashCount);
    }

    [Theory, MemberData(nameof(PartitionsAndFields))]
    public void Fields_go_in_the_background_and_the_key_with_the_last(int partitions, int fields)
    {
        using var fixture = new EngineFixture(partitions);
        TestClient client = fixture.Connect();
        Fill(client, "h", fields);
        client.Run("CONFIG SET notify-keyspace-events KEA");
        client.Run("SUBSCRIBE __keyevent@0__:hexpired __keyevent@0__:del");
        client.TakePushes();
        RunActiveExpiry(fixture);
        Assert.Equal(1, fixture.Database.Count);
        fixture.TakeLog();
        fixture.Time.Advance(1020);
        RunActiveExpiry(fixture);
        Assert.Equal(0, fixture.Database.Count);
        Assert.Equal(0, fixture.Database.ExpiringHashCount);
        Assert.Equal(fields, fixture.Server.Stats.ExpiredFields);
        List<string> events = client.TakePushes();
        Assert.Equal("*3 $7 message $18 __keyevent@0__:del $1 h", events[^1]);
        Assert.All(events.SkipLast(1), message => Assert.Contains("hexpired", message, StringComparison.Ordinal));
        string[] names = [.. fixture.TakeLog().Split("; ").SelectMany(command => command.Split(' ').Skip(2))];
        Assert.Equal(fields, names.Distinct().Count());
    }

    [Theory]
    [InlineData("HEXPIRE h 100 FIELDS 1 a", "hexpire")]
    [InlineData("HEXPIRE h 0 FIELDS 1 a", "hdel")]
    [InlineData("HEXPIRE h 0 FIELDS 2 a b", "hdel del")]
    [InlineData("HEXPIRE h 100 FIELDS 1 x", "")]
    [InlineData("HPERSIST h FIELDS 1 b", "hpersist")]
    [InlineData("HGETEX h EX 100 FIELDS 1 a", "hexpire")]
    [InlineData("HGETEX h PERSIST FIELDS 2 a b", "hpersist")]
    [InlineData("HGETEX h EXAT 1 FIELDS 1 a", "hdel")]
    [InlineData("HGETEX h FIELDS 1 a", "")]
    [InlineData("HGETDEL h FIELDS 2 a b", "hdel del")]
    [InlineData("HSETEX h EX 100 FIELDS 1 c 1", "hset hexpire")]
    [InlineData("HSETEX h FIELDS 1 c 1", "hset")]
    [InlineData("HSETEX h PX 0 FIELDS 2 a 1 b 2", "hset hdel del")]
    public void Events_say_what_became_of_the_fields(string command, string expected)
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HSET h a 1 b 2");
        client.Run("HEXPIRE h 100 FIELDS 1 b");
        client.Run("CONFIG SET notify-keyspace-events EA");
        TestClient listener = fixture.Connect();
        listener.Run("PSUBSCRIBE __keyevent@0__:*");
        listener.TakePushes();
        client.Run(command);
        IEnumerable<string> events = listener.TakePushes().Select(message => message.Split("__keyevent@0__:")[^1].Split(' ')[0]);
        Assert.Equal(expected, string.Join(' ', events));
    }

    [Theory, MemberData(nameof(PartitionCounts))]
    public void The_index_follows_a_hash_to_its_other_names(int partitions)
    {
        foreach (int fields in (int[])[3, 300])
        {
            using var fixture = new EngineFixture(partitions);
            TestClient client = fixture.Connect();
            Fill(client, "a", fields);
            client.Run("COPY a copied");
            client.Run("RENAME a renamed");
            client.Run("COPY copied moved");
            client.Run("MOVE moved 1");
            Assert.Equal(2, fixture.Database.ExpiringHashCount);
            Assert.Equal(1, fixture.Server.Databases[1].ExpiringHashCount);
            client.Run("SWAPDB 1 2");
            Assert.Equal("*1 :1000", client.Run("HPTTL renamed FIELDS 1 f0"));
            Assert.Equal("*1 :1000", client.Run("HPTTL copied FIELDS 1 f0"));
            fixture.Time.Advance(1020);
            RunActiveExpiry(fixture);
            Assert.Equal(0, fixture.Database.Count);
            Assert.Equal(0, fixture.Server.Databases[2].Count);
        }
    }

    [Fact]
    public void What_is_overwritten_or_deleted_is_counted_no_more()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        foreach (string key in (string[])["a", "b", "c", "d"]) Fill(client, key, 3);
        client.Run("SET a x");
        client.Run("DEL b");
        client.Run("HDEL c f0 f1 f2");
        client.Run("EXPIRE d 100");
        Assert.Equal(1, fixture.Database.ExpiringHashCount);
        Assert.Contains("keys=2,expires=1,avg_ttl=100000,subexpiry=1", client.Run("INFO keyspace"), StringComparison.Ordinal);
        client.Run("FLUSHALL");
        Assert.Equal(0, fixture.Database.ExpiringHashCount);
    }

    [Fact]
    public void A_log_that_is_read_keeps_fields_whose_time_has_passed()
    {
        using var fixture = new EngineFixture();
        long past = fixture.Time.NowMs - 1000;
        fixture.Server.IsLoading = true;
        using (var replay = new LogReplay(fixture.Engine))
        {
            Apply(replay, "HSET h a 1 b 2");
            Apply(replay, $"HPEXPIREAT h {past} FIELDS 1 a");
            Apply(replay, "HINCRBY h a 5");
            Apply(replay, "HSETNX h a 7");
        }
        fixture.Server.IsLoading = false;
        TestClient client = fixture.Connect();
        client.Run("PING");
        fixture.TakeLog();
        Assert.Equal("*1 $1 b", client.Run("HKEYS h"));
        Assert.Equal("HDEL h a", fixture.TakeLog());
    }

    [Fact]
    public void A_command_that_builds_on_a_field_logs_first_that_it_has_gone()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        Fill(client, "h", 500);
        fixture.Time.Advance(2000);
        fixture.TakeLog();

        // More are due than one command takes away, so that the last ones are still kept, and not seen.
        Assert.Equal(":1", client.Run("HINCRBY h f499 1"));
        Assert.Matches(@"^MULTI; HDEL h( f\d+){64}; HDEL h f499; HINCRBY h f499 1; EXEC$", fixture.TakeLog());
        Assert.Equal("*1 :-1", client.Run("HTTL h FIELDS 1 f499"));
        Assert.Equal(":0", client.Run("HDEL h f498"));
        Assert.Equal(":1", client.Run("HSET h f497 1"));
        Assert.Equal(":2", client.Run("HLEN h"));
    }

    private static void Fill(TestClient client, string key, int fields)
    {
        string names = string.Join(' ', Enumerable.Range(0, fields).Select(i => $"f{i}"));
        client.Run($"HSET {key} " + string.Join(' ', Enumerable.Range(0, fields).Select(i => $"f{i} {i}")));
        client.Run($"HPEXPIRE {key} 1000 FIELDS {fields} {names}");
    }

    private static void RunActiveExpiry(EngineFixture fixture)
    {
        var expiry = new ActiveExpiry(fixture.Server);
        fixture.Engine.InTurn(() =>
        {
            while (!expiry.Step(64)) { }
        });
    }

    private static void Apply(LogReplay replay, string command)
    {
        Arguments words = Arguments.Of([.. command.Split(' ').Select(System.Text.Encoding.Latin1.GetBytes)]);
        replay.Apply(in words);
    }
}
