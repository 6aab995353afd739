using Galley.Conformance.Servers;
using StackExchange.Redis;

namespace Galley.Conformance.Clients;

/// <summary>Streams and their consumer groups through StackExchange.Redis.</summary>
public sealed class StackExchangeStreamTests(Fleet fleet)
{
    public static TheoryData<RedisProtocol> Protocols() => [RedisProtocol.Resp2, RedisProtocol.Resp3];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Entries_are_added_read_and_trimmed(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        IDatabase db = connection.GetDatabase();
        Assert.Equal("1-1", await db.StreamAddAsync("s", "f", "v", "1-1"));
        Assert.Equal("2-1", await db.StreamAddAsync("s", [new("f", "v"), new("g", "w")], "2-1"));
        RedisValue ours = await db.StreamAddAsync("s", "f", "last", maxLength: 1000, useApproximateMaxLength: true);
        Assert.Equal(3, await db.StreamLengthAsync("s"));
        StreamEntry[] range = await db.StreamRangeAsync("s", "-", "+", count: 2);
        Assert.Equal(["1-1", "2-1"], range.Select(entry => entry.Id.ToString()));
        Assert.Equal("w", range[1]["g"]);
        Assert.Equal(ours, (await db.StreamRangeAsync("s", "-", "+", count: 1, Order.Descending))[0].Id);
        Assert.Equal(2, (await db.StreamReadAsync("s", "1-1")).Length);
        RedisStream[] both = await db.StreamReadAsync([new StreamPosition("s", "2-1"), new StreamPosition("absent", "0-0")], countPerStream: 1);
        Assert.Equal("last", Assert.Single(Assert.Single(both).Entries)["f"]);
        Assert.Empty(await db.StreamReadAsync("absent", "0-0"));

        StreamInfo info = await db.StreamInfoAsync("s");
        Assert.Equal((3, 0, "1-1", ours), (info.Length, info.ConsumerGroupCount, info.FirstEntry.Id.ToString(), info.LastGeneratedId));
        Assert.Equal(1, await db.StreamDeleteAsync("s", ["1-1", "9-9"]));
        Assert.Equal(1, await db.StreamTrimAsync("s", 1));
        Assert.Equal(1, await db.StreamTrimByMinIdAsync("s", "9999999999999-0"));
        Assert.Equal(RedisType.Stream, await db.KeyTypeAsync("s"));
        await Assert.ThrowsAsync<RedisServerException>(() => db.StreamAddAsync("s", "f", "v", "1-1"));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_group_hands_out_claims_and_acknowledges(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        IDatabase db = connection.GetDatabase();
        Assert.True(await db.StreamCreateConsumerGroupAsync("s", "g", StreamPosition.NewMessages, createStream: true));
        await Assert.ThrowsAsync<RedisServerException>(() => db.StreamCreateConsumerGroupAsync("s", "g", StreamPosition.NewMessages));
        for (int i = 1; i <= 4; i++) await db.StreamAddAsync("s", "job", i, $"{i}-1");
        Assert.Equal(["1-1", "2-1", "3-1"], Ids(await db.StreamReadGroupAsync("s", "g", "bob", StreamPosition.NewMessages, count: 3)));
        Assert.Equal(["1-1", "2-1", "3-1"], Ids(await db.StreamReadGroupAsync("s", "g", "bob", StreamPosition.Beginning)));
        Assert.Equal(["4-1"], Ids(Assert.Single(await db.StreamReadGroupAsync([new StreamPosition("s", ">")], "g", "ann", noAck: true)).Entries));
        StreamPendingInfo pending = await db.StreamPendingAsync("s", "g");
        Assert.Equal((3, "1-1", "3-1"), (pending.PendingMessageCount, pending.LowestPendingMessageId.ToString(), pending.HighestPendingMessageId.ToString()));
        Assert.Equal(("bob", 3), (Assert.Single(pending.Consumers).Name.ToString(), pending.Consumers[0].PendingMessageCount));
        StreamPendingMessageInfo[] messages = await db.StreamPendingMessagesAsync("s", "g", 10, "bob");
        Assert.Equal([2, 2, 2], messages.Select(message => message.DeliveryCount));

        Assert.Equal(1, await db.StreamAcknowledgeAsync("s", "g", "1-1"));
        Assert.Equal(["2-1"], Ids(await db.StreamClaimAsync("s", "g", "ann", 0, ["2-1"])));
        Assert.Equal(["2-1"], (await db.StreamClaimIdsOnlyAsync("s", "g", "ann", 0, ["2-1"])).Select(id => id.ToString()));
        await db.StreamDeleteAsync("s", ["3-1"]);
        StreamAutoClaimResult claimed = await db.StreamAutoClaimAsync("s", "g", "cyd", 0, "0-0");
        Assert.Equal(("0-0", "2-1", "3-1"), (claimed.NextStartId.ToString(), Assert.Single(claimed.ClaimedEntries).Id.ToString(), Assert.Single(claimed.DeletedIds).ToString()));
        Assert.Equal(["2-1"], (await db.StreamAutoClaimIdsOnlyAsync("s", "g", "cyd", 0, "0-0")).ClaimedIds.Select(id => id.ToString()));

        StreamGroupInfo group = Assert.Single(await db.StreamGroupInfoAsync("s"));
        Assert.Equal(("g", 3, 1, "4-1"), (group.Name, group.ConsumerCount, group.PendingMessageCount, group.LastDeliveredId));
        Assert.Equal((4L, 0L), (group.EntriesRead, group.Lag));
        StreamConsumerInfo[] consumers = await db.StreamConsumerInfoAsync("s", "g");
        Assert.Equal(["ann 0", "bob 0", "cyd 1"], consumers.Select(one => $"{one.Name} {one.PendingMessageCount}").Order());
        Assert.True(await db.StreamConsumerGroupSetPositionAsync("s", "g", StreamPosition.Beginning));
        Assert.Equal(1, await db.StreamDeleteConsumerAsync("s", "g", "cyd"));
        Assert.True(await db.StreamDeleteConsumerGroupAsync("s", "g"));
    }

    /// <summary>Three workers of one group share a thousand jobs: each is done once.</summary>
    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Workers_share_what_is_added(RedisProtocol protocol)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(protocol);
        IDatabase db = connection.GetDatabase();
        await db.StreamCreateConsumerGroupAsync("jobs", "g", StreamPosition.Beginning, createStream: true);
        Task adding = Task.WhenAll(Enumerable.Range(0, 1000).Select(i => db.StreamAddAsync("jobs", "job", i)));
        Task<List<int>>[] workers = [.. "abc".Select(name => WorkAsync(db, name.ToString(), adding))];
        int[] done = [.. (await Task.WhenAll(workers)).SelectMany(list => list).Order()];
        Assert.Equal(Enumerable.Range(0, 1000), done);
        Assert.Equal(0, (await db.StreamPendingAsync("jobs", "g")).PendingMessageCount);
    }

    private static async Task<List<int>> WorkAsync(IDatabase db, string name, Task adding)
    {
        var done = new List<int>();
        while (true)
        {
            bool isLast = adding.IsCompleted;
            StreamEntry[] jobs = await db.StreamReadGroupAsync("jobs", "g", name, StreamPosition.NewMessages, count: 7);
            if (jobs.Length == 0 && isLast) return done;
            if (jobs.Length == 0) continue;
            done.AddRange(jobs.Select(job => (int)job["job"]));
            await db.StreamAcknowledgeAsync("jobs", "g", [.. jobs.Select(job => job.Id)]);
        }
    }

    private static IEnumerable<string> Ids(StreamEntry[] entries) => entries.Select(entry => entry.Id.ToString());

    private async Task<ConnectionMultiplexer> ConnectAsync(RedisProtocol protocol)
    {
        var options = new ConfigurationOptions { EndPoints = { { "127.0.0.1", fleet.Galley().Port } }, Protocol = protocol, AllowAdmin = true };
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(options);
        await connection.GetServers()[0].FlushAllDatabasesAsync();
        return connection;
    }
}
