namespace Galley.Store.Tests.Commands.Eviction;

/// <summary>The memory stays within <c>maxmemory</c>, whatever is written.</summary>
public sealed class BoundTests
{
    /// <summary>What one command may add before room is made again: a value, and segments of tables that are made for it.</summary>
    private const long CommandBytesMax = 40_000;

    public static TheoryData<string, int> AllKeys =>
        EvictionFixture.Policies("allkeys-lru", "allkeys-lfu", "allkeys-lrm", "allkeys-random");

    public static TheoryData<string, int> All => EvictionFixture.Policies("allkeys-lru", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl");

    [Theory]
    [MemberData(nameof(AllKeys))]
    public void It_holds_while_strings_are_written(string policy, int partitions)
    {
        using var fixture = new EvictionFixture(policy, partitions);
        fixture.BoundBy(400_000);
        for (int i = 0; i < 6000; i++)
        {
            Assert.Equal("+OK", fixture.Run("SET", $"key:{i}", new string('v', i % 300)));
            Assert.InRange(fixture.CountedBytes, 0, fixture.Limit + CommandBytesMax);
        }
        Assert.InRange(fixture.EvictedKeys, 1000, 5999);
        Assert.Equal(6000, fixture.EvictedKeys + fixture.Engine.Database.Count);
        Assert.InRange(fixture.CountedBytes, fixture.Limit - CommandBytesMax, fixture.Limit + CommandBytesMax);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_holds_whatever_is_done_at_random(string policy, int partitions)
    {
        using var fixture = new EvictionFixture(policy, partitions);
        fixture.BoundBy(300_000);
        var random = new Random(7);
        string[] commands =
        [
            "SET k v EX 1000", "HSET h f v", "RPUSH l e", "SADD s m", "ZADD z 1 m", "APPEND a more", "SETRANGE r 3000 x", "DEL k", "EXPIRE h 500",
            "EXPIRE l 100", "PERSIST k", "GET k", "RENAME k j", "XADD x * f v", "PFADD p e", "INCR i",
        ];
        for (int i = 0; i < 6000; i++)
        {
            string[] words = commands[random.Next(commands.Length)].Split(' ');
            words[1] += random.Next(400);
            if (words[0] is "HSET" or "RPUSH" or "SADD" or "ZADD" or "APPEND") words[^1] = new string('w', random.Next(400)) + i;
            fixture.Run(words);
            if (i % 50 == 0) fixture.Engine.Pass(random.Next(3000));
            Assert.InRange(fixture.CountedBytes, 0, fixture.Limit + CommandBytesMax);
        }
        Assert.InRange(fixture.EvictedKeys, 1, long.MaxValue);
        fixture.Engine.Server.Databases.Arena.Verify();
    }

    [Fact]
    public void Keys_of_all_databases_go()
    {
        using var fixture = new EvictionFixture("allkeys-lru");
        for (int id = 0; id < 3; id++)
        {
            fixture.Run($"SELECT {id}");
            for (int i = 0; i < 300; i++) fixture.Run("SET", $"key:{i}", new string('v', 100));
        }
        fixture.BoundBy(-60_000);
        fixture.Run("PING");
        fixture.Settle();
        for (int id = 0; id < 3; id++) Assert.InRange(fixture.Engine.Server.Databases[id].Count, 1, 299);
    }

    [Fact]
    public void What_clients_hold_counts()
    {
        using var fixture = new EvictionFixture("noeviction");
        TestClient other = fixture.Engine.Connect();
        fixture.BoundBy(10_000);
        Assert.Equal("+OK", fixture.Run("SET a 1"));
        other.Run("MULTI");
        other.Run("ECHO", new string('x', 20_000));
        Assert.StartsWith("-OOM", fixture.Run("SET a 2"), StringComparison.Ordinal);
        other.Run("DISCARD");
        Assert.Equal("+OK", fixture.Run("SET a 3"));
    }

    [Fact]
    public void A_value_that_is_lent_to_a_reply_counts_once()
    {
        using var fixture = new EvictionFixture("noeviction");
        TestConnection connection = TestConnection.From("127.0.0.1:1");
        var reader = fixture.Engine.Connect(connection);
        fixture.Run("SET", "big", new string('v', 500_000));
        fixture.BoundBy(100_000);
        Assert.Equal(0, fixture.Engine.Server.Databases.Arena.LentBytes);
        string reply = reader.Run("GET big");
        Assert.EndsWith("vvv", reply, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Engine.Server.Databases.Arena.LentBytes);
        Assert.Equal("+OK", fixture.Run("SET a 1"));
    }

    [Fact]
    public void A_large_value_is_freed_in_turns_and_no_key_goes_in_its_place()
    {
        using var fixture = new EvictionFixture("allkeys-lru");
        string[] words = new string[2 + 1000];
        (words[0], words[1]) = ("SADD", "big");
        for (int batch = 0; batch < 40; batch++)
        {
            for (int i = 0; i < 1000; i++) words[2 + i] = $"member {batch} {i}";
            fixture.Run(words);
        }
        fixture.Engine.Time.Advance(10_000);
        for (int i = 0; i < 200; i++) fixture.Run("SET", $"key:{i}", new string('v', 100));
        fixture.Run("CONFIG SET maxmemory-samples 1000");
        fixture.BoundBy(-5000);
        fixture.Settle();
        Assert.False(fixture.Exists("big"));
        Assert.Equal(1, fixture.EvictedKeys);
        for (int turns = 0; turns < 1000 && !fixture.Engine.Server.Databases.Graveyard.IsEmpty; turns++) fixture.Engine.Engine.RunCron();
        Assert.Equal(200, fixture.Engine.Database.Count);
    }

    [Fact]
    public void The_time_over_the_limit_is_told()
    {
        using var fixture = new EvictionFixture("noeviction");
        fixture.Run("SET", "a", new string('v', 1000));
        fixture.BoundBy(-500);
        Assert.StartsWith("-OOM", fixture.Run("SET b 1"), StringComparison.Ordinal);
        fixture.Engine.Pass(1500);
        Assert.Equal("1500", fixture.Info("current_eviction_exceeded_time"));
        Assert.Equal("1500", fixture.Info("total_eviction_exceeded_time"));
        fixture.Run("DEL a");
        fixture.Run("PING");
        fixture.Engine.Pass(700);
        Assert.Equal("0", fixture.Info("current_eviction_exceeded_time"));
        Assert.Equal("1500", fixture.Info("total_eviction_exceeded_time"));
        fixture.Run("CONFIG RESETSTAT");
        Assert.Equal("0", fixture.Info("total_eviction_exceeded_time"));
    }

    [Fact]
    public void A_pause_keeps_all_keys()
    {
        using var fixture = new EvictionFixture("allkeys-lru");
        fixture.Run("SET", "a", new string('v', 1000));
        fixture.Run("CLIENT PAUSE 1000 WRITE");
        fixture.BoundBy(-500);
        fixture.Engine.Pass(100);
        Assert.True(fixture.Exists("a"));
        fixture.Engine.Pass(1000);
        Assert.False(fixture.Exists("a"));
    }
}
