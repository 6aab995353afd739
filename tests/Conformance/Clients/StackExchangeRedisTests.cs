using Galley.Conformance.Servers;
using StackExchange.Redis;

namespace Galley.Conformance.Clients;

/// <summary>StackExchange.Redis, the client of .NET: each method of its whose command exists.</summary>
public sealed class StackExchangeRedisTests(Fleet fleet)
{
    private static readonly DateTime Future = new(3021, 5, 1, 12, 37, 0, DateTimeKind.Utc);

    public static TheoryData<RedisProtocol> Protocols() => [RedisProtocol.Resp2, RedisProtocol.Resp3];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Strings(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        IDatabase db = connection.GetDatabase();
        Assert.True(await db.StringSetAsync("k", "v"));
        Assert.Equal("v", await db.StringGetAsync("k"));
        Assert.False(await db.StringSetAsync("k", "w", when: When.NotExists));
        Assert.True(await db.StringSetAsync("k", "w", TimeSpan.FromSeconds(100), When.Exists));
        Assert.Equal("w", await db.StringSetAndGetAsync("k", "x", keepTtl: true));
        Assert.InRange((await db.KeyTimeToLiveAsync("k"))!.Value.TotalSeconds, 90, 100);
        RedisValueWithExpiry both = await db.StringGetWithExpiryAsync("k");
        Assert.Equal("x", both.Value);
        Assert.NotNull(both.Expiry);
        Assert.Equal("x", await db.StringGetSetAsync("k", "y"));
        Assert.Equal("y", await db.StringGetSetExpiryAsync("k", TimeSpan.FromSeconds(50)));
        Assert.Equal("y", await db.StringGetSetExpiryAsync("k", Future));
        Assert.Equal("y", await db.StringGetDeleteAsync("k"));
        Assert.True((await db.StringGetAsync("k")).IsNull);
        Assert.Equal(5, await db.StringAppendAsync("a", "Hello"));
        Assert.Equal(5, await db.StringLengthAsync("a"));
        Assert.Equal("ell", await db.StringGetRangeAsync("a", 1, -2));
        Assert.Equal(5, await db.StringSetRangeAsync("a", 1, "u"));
        Assert.Equal("Hullo", await db.StringGetAsync("a"));
        using Lease<byte>? lease = await db.StringGetLeaseAsync("a");
        Assert.Equal(5, lease!.Length);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Counters_and_many_keys(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        IDatabase db = connection.GetDatabase();
        Assert.Equal(1, await db.StringIncrementAsync("n"));
        Assert.Equal(42, await db.StringIncrementAsync("n", 41));
        Assert.Equal(41, await db.StringDecrementAsync("n"));
        Assert.Equal(40.5, await db.StringDecrementAsync("n", 0.5));
        await Assert.ThrowsAsync<RedisServerException>(() => db.StringIncrementAsync("n"));
        Assert.True(await db.StringSetAsync([new("a", "1"), new("b", "2")]));
        Assert.Equal(["1", RedisValue.Null, "2"], await db.StringGetAsync(["a", "absent", "b"]));
        Assert.False(await db.StringSetAsync([new("a", "1"), new("c", "2")], When.NotExists));
        Assert.Equal("mytext", await LongestAsync(db));
        Assert.Equal(6, await db.StringLongestCommonSubsequenceLengthAsync("x", "y"));
        Assert.NotEmpty((await db.StringLongestCommonSubsequenceWithMatchesAsync("x", "y", 2)).Matches);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Keys_and_expiry(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        IDatabase db = connection.GetDatabase();
        await db.StringSetAsync([new("a", "1"), new("b", "2"), new("c", "3")]);
        Assert.Equal(2, await db.KeyExistsAsync(["a", "b", "absent"]));
        Assert.Equal(RedisType.String, await db.KeyTypeAsync("a"));
        Assert.Equal(2, await db.KeyTouchAsync(["a", "b"]));
        Assert.Equal("int", await db.KeyEncodingAsync("a"));
        Assert.NotNull(await db.KeyIdleTimeAsync("a"));
        Assert.True(await db.KeyExpireAsync("a", TimeSpan.FromSeconds(100)));
        Assert.False(await db.KeyExpireAsync("a", TimeSpan.FromSeconds(50), ExpireWhen.GreaterThanCurrentExpiry));
        Assert.True(await db.KeyExpireAsync("a", Future));
        Assert.Equal(Future, await db.KeyExpireTimeAsync("a"));
        Assert.True(await db.KeyPersistAsync("a"));
        Assert.Null(await db.KeyTimeToLiveAsync("a"));
        Assert.True(await db.KeyRenameAsync("a", "d"));
        Assert.False(await db.KeyRenameAsync("d", "b", When.NotExists));
        Assert.True(await db.KeyCopyAsync("d", "e", destinationDatabase: 1));
        Assert.True(await db.KeyMoveAsync("d", 2));
        Assert.True(await db.KeyDeleteAsync("b"));
        Assert.Equal(1, await db.KeyDeleteAsync(["c", "absent"]));
        Assert.True((string?)await db.KeyRandomAsync() is null);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Transactions(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        IDatabase db = connection.GetDatabase();
        ITransaction once = db.CreateTransaction();
        once.AddCondition(Condition.KeyNotExists("lock"));
        Task<long> counted = once.StringIncrementAsync("counter");
        Task<bool> taken = once.StringSetAsync("lock", "me");
        Assert.True(await once.ExecuteAsync());
        Assert.Equal((1, true), (await counted, await taken));

        ITransaction again = db.CreateTransaction();
        again.AddCondition(Condition.StringEqual("lock", "you"));
        _ = again.StringIncrementAsync("counter");
        Assert.False(await again.ExecuteAsync());
        Assert.Equal("1", await db.StringGetAsync("counter"));

        Task[] batched = Batch(db);
        await Task.WhenAll(batched);
        Assert.Equal(101, (int)await db.StringGetAsync("counter"));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Publish_and_subscribe(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        ISubscriber subscriber = connection.GetSubscriber();
        ChannelMessageQueue channel = await subscriber.SubscribeAsync(RedisChannel.Literal("c"));
        ChannelMessageQueue pattern = await subscriber.SubscribeAsync(RedisChannel.Pattern("p.*"));
        Assert.Equal(1, await connection.GetDatabase().PublishAsync(RedisChannel.Literal("c"), "one"));
        Assert.Equal(1, await subscriber.PublishAsync(RedisChannel.Literal("p.x"), "two"));
        Assert.Equal("one", (await channel.ReadAsync(TestContext.Current.CancellationToken)).Message);
        ChannelMessage second = await pattern.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("p.x", "two"), (second.Channel.ToString(), second.Message.ToString()));
        await subscriber.UnsubscribeAllAsync();
        Assert.Equal(0, await subscriber.PublishAsync(RedisChannel.Literal("c"), "gone"));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task The_server_object(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        IDatabase db = connection.GetDatabase();
        IServer server = connection.GetServers()[0];
        Assert.True(await server.PingAsync() < TimeSpan.FromSeconds(5));
        for (int i = 0; i < 300; i++) await db.StringSetAsync($"scan:{i}", i, flags: CommandFlags.FireAndForget);
        Assert.Equal(300, await server.DatabaseSizeAsync());
        var keys = new HashSet<string>();
        await foreach (RedisKey key in server.KeysAsync(pattern: "scan:*", pageSize: 20)) keys.Add(key.ToString());
        Assert.Equal(300, keys.Count);
        Assert.Equal("16", (await server.ConfigGetAsync("databases"))[0].Value);
        await server.ConfigSetAsync("timeout", "0");
        Assert.NotEmpty(await server.InfoAsync("server"));
        Assert.NotEmpty(await server.ClientListAsync());
        Assert.Equal("hello", await server.EchoAsync("hello"));
        Assert.InRange((await server.TimeAsync() - DateTime.UtcNow).TotalMinutes, -1, 1);
        Assert.True(await server.CommandCountAsync() > 50);
        Assert.Contains("get", await server.CommandListAsync());
        Assert.Equal(["a", "b"], (await server.CommandGetKeysAsync(["MSET", "a", "1", "b", "2"])).Select(k => k.ToString()));
        await server.SwapDatabasesAsync(0, 1);
        Assert.Equal(0, await server.DatabaseSizeAsync(0));
        await server.FlushDatabaseAsync(1);
        await server.FlushAllDatabasesAsync();
        Assert.Equal(0, await server.DatabaseSizeAsync(1));
    }

    private static async Task<string> LongestAsync(IDatabase db)
    {
        await db.StringSetAsync([new("x", "ohmytext"), new("y", "mynewtext")]);
        return (await db.StringLongestCommonSubsequenceAsync("x", "y"))!;
    }

    private static Task[] Batch(IDatabase db)
    {
        IBatch batch = db.CreateBatch();
        Task[] tasks = [.. Enumerable.Range(0, 100).Select(_ => (Task)batch.StringIncrementAsync("counter"))];
        batch.Execute();
        return tasks;
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(RedisProtocol protocol)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { { "127.0.0.1", fleet.Galley().Port } },
            Protocol = protocol,
            AllowAdmin = true,
            AbortOnConnectFail = true,
        };
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(options);
        await connection.GetServers()[0].FlushAllDatabasesAsync();
        return connection;
    }
}
