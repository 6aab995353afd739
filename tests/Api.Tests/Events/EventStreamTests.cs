using System.Net;
using System.Net.Sockets;
using System.Text;
using Galley.Api.Tests.Rest;
using Galley.Store.Configuration;

namespace Galley.Api.Tests.Events;

/// <summary>How streams live and end: by their client, by the server, and by what they may take.</summary>
public sealed class EventStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_client_that_goes_listens_no_more()
    {
        await using EventServer server = await EventServer.StartAsync();
        using (await EventReader.OpenReadyAsync(server.Client, "/subscribe/c"))
            Assert.Equal("*2 $1 c :1", await server.AskAsync("PUBSUB", "NUMSUB", "c"));
        await server.UntilAsync("*2 $1 c :0", "PUBSUB", "NUMSUB", "c");
    }

    [Fact]
    public async Task One_stream_too_many_is_told_to_come_back()
    {
        await using EventServer server = await EventServer.StartAsync(settings => settings.SseMaxConnections = 2);
        using EventReader first = await EventReader.OpenReadyAsync(server.Client, "/subscribe/c");
        using (await EventReader.OpenReadyAsync(server.Client, "/v1/channels/other/events"))
        {
            using HttpResponseMessage refused = await server.Client.RequestAsync(HttpMethod.Get, "/subscribe/c");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
            Assert.Contains("sse-max-connections", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        await server.UntilAsync("*2 $5 other :0", "PUBSUB", "NUMSUB", "other");
        using EventReader next = await OpenWhenThereIsRoomAsync(server);
        Assert.Equal("data: subscribe,c,1", await next.NextAsync());
    }

    [Theory]
    [InlineData("/subscribe/c")]
    [InlineData("/v1/channels/c/events")]
    public async Task A_message_that_is_more_than_may_wait_is_not_encoded_and_ends_the_stream(string address)
    {
        await using EventServer server = await EventServer.StartAsync(settings =>
            settings.ClientOutputBufferLimit = settings.ClientOutputBufferLimit with { PubSub = new OutputLimit(1000, 0, 0) });
        using EventReader reader = await EventReader.OpenReadyAsync(server.Client, address);

        await server.AskAsync("PUBLISH", "c", new string('x', 1001));

        await Assert.ThrowsAnyAsync<IOException>(reader.NextAsync);
    }

    [Fact]
    public async Task Silence_is_broken_by_a_comment()
    {
        await using EventServer server = await EventServer.StartAsync(settings => settings.SseHeartbeatMs = 1);
        using EventReader reader = await EventReader.OpenReadyAsync(server.Client, "/subscribe/c");
        Assert.Equal(": keepalive", await reader.NextAsync());
        Assert.Equal(": keepalive", await reader.NextAsync());
    }

    [Fact]
    public async Task A_stop_of_the_server_ends_every_stream_and_waits_for_none_that_does_not_read()
    {
        await using EventServer server = await EventServer.StartAsync();
        using EventReader reader = await EventReader.OpenReadyAsync(server.Client, "/subscribe/c");
        using EventReader monitor = await EventReader.OpenReadyAsync(server.Client, "/monitor");
        using TcpClient deaf = await OpenDeafAsync(server, "d");
        for (int i = 0; i < 20; i++) await server.AskAsync("PUBLISH", "d", new string('x', 1_000_000));

        Task stop = server.StopAsync();

        Assert.Null(await reader.NextAsync());
        while (await monitor.NextAsync() is not null) { }
        Assert.Same(stop, await Task.WhenAny(stop, Task.Delay(Patience, TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("pubsub")]
    [InlineData("normal")]
    public async Task CLIENT_KILL_ends_streams(string type)
    {
        await using EventServer server = await EventServer.StartAsync();
        using EventReader reader = await EventReader.OpenReadyAsync(server.Client, type == "pubsub" ? "/subscribe/c" : "/monitor");
        Assert.Equal(":1", await server.AskAsync("CLIENT", "KILL", "TYPE", type));
        await Assert.ThrowsAnyAsync<IOException>(async () => { while (await reader.NextAsync() is not null) { } });
        await server.UntilAsync("*2 $1 c :0", "PUBSUB", "NUMSUB", "c");
    }

    [Fact]
    public async Task Who_does_not_read_is_cut_off_by_the_limit_of_subscribers_and_nobody_else_notices()
    {
        await using EventServer server = await EventServer.StartAsync();
        await server.AskAsync("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 0 0");
        using TcpClient deaf = await OpenDeafAsync(server, "c");
        using EventReader quick = await EventReader.OpenReadyAsync(server.Client, "/subscribe/c");
        Assert.Equal("*2 $1 c :2", await server.AskAsync("PUBSUB", "NUMSUB", "c"));

        string payload = new('x', 100_000);
        int heard = 0;
        while (heard < 1000 && await server.AskAsync("PUBLISH", "c", payload) == ":2")
        {
            Assert.Equal("data: message,c," + payload, await quick.NextAsync());
            heard++;
        }

        Assert.InRange(heard, 10, 999);
        await server.UntilAsync("*2 $1 c :1", "PUBSUB", "NUMSUB", "c");
        Assert.Contains(" client_output_buffer_limit_disconnections:1 ", await server.AskAsync("INFO", "stats"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_ends_with_its_token()
    {
        await using EventServer server = await EventServer.StartAsync(settings =>
        {
            settings.HttpToken = "old";
            settings.HttpReadOnlyToken = "poppy";
        });
        using EventReader reader = await EventReader.OpenReadyAsync(server.Client, "/subscribe/c?_token=old");
        using EventReader other = await EventReader.OpenReadyAsync(server.Client, "/v1/channels/c/events?_token=poppy");

        await server.AskAsync("CONFIG", "SET", "http-token", "new");

        Assert.Null(await reader.NextAsync());
        Assert.Equal(":1", await server.AskAsync("PUBLISH", "c", "x"));
        Assert.Equal("event: message\ndata: x", await other.NextAsync());
    }

    [Fact]
    public async Task All_messages_of_many_publishers_come_in_their_order()
    {
        await using EventServer server = await EventServer.StartAsync();
        using EventReader reader = await EventReader.OpenReadyAsync(server.Client, "/subscribe/c");
        EventReader[] others = [.. await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => EventReader.OpenReadyAsync(server.Client, "/subscribe/c")))];

        for (int i = 0; i < 500; i++) await server.AskAsync("PUBLISH", "c", $"{i}");

        foreach (EventReader each in others.Append(reader))
        {
            for (int i = 0; i < 500; i++) Assert.Equal($"data: message,c,{i}", await each.NextAsync());
        }
        foreach (EventReader each in others) each.Dispose();
    }

    /// <summary>The place of a stream is free a moment after its session is gone.</summary>
    private static async Task<EventReader> OpenWhenThereIsRoomAsync(EventServer server)
    {
        for (int i = 0; i < 2000; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/subscribe/c");
            HttpResponseMessage response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable) return await EventReader.OfAsync(response);
            response.Dispose();
            await Task.Delay(10);
        }
        throw new TimeoutException("There is no room for the next stream.");
    }

    /// <summary>A client that subscribes, and reads no more than the first line.</summary>
    private static async Task<TcpClient> OpenDeafAsync(EventServer server, string channel)
    {
        var deaf = new TcpClient { ReceiveBufferSize = 4096 };
        await deaf.ConnectAsync(server.Address.Host, server.Address.Port);
        await deaf.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /subscribe/{channel} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        await deaf.GetStream().ReadExactlyAsync(new byte[16]);
        return deaf;
    }
}
