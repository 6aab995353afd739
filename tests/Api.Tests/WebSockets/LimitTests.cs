using System.Net.WebSockets;
using System.Text;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

/// <summary>What a socket may take, and what becomes of one that takes more.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task One_socket_too_many_is_told_to_come_back()
    {
        await using SocketServer server = await SocketServer.StartAsync(settings => settings.WsMaxConnections = 1);
        using (await SocketClient.OpenReadyAsync(server))
        {
            var refused = await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.OpenAsync(server));
            Assert.Contains("503", refused.Message);
        }
        await UntilAsync(() => Sockets(server) == 0);
        using SocketClient next = await SocketClient.OpenReadyAsync(server);
        Assert.Contains("PONG", await next.AskAsync("""{"type":"cmd","id":"1","args":["PING"]}"""));
    }

    [Fact]
    public async Task Subscriptions_frames_a_second_and_the_length_of_a_frame_are_settings()
    {
        await using SocketServer server = await SocketServer.StartAsync(settings =>
        {
            settings.WsMaxSubscriptions = 1;
            settings.WsMaxFrameBytes = 2000;
            settings.WsRateLimit = 4;
        });
        using SocketClient client = await SocketClient.OpenAsync(server);
        Assert.Contains("\"maxFrame\":2000,\"maxSubs\":1,", await client.ReceiveAsync());
        Assert.Contains("\"subscribed\"", await client.AskAsync("""{"type":"subscribe","id":"a","channels":["c"]}"""));
        Assert.Contains("\"LIMIT\"", await client.AskAsync("""{"type":"subscribe","id":"b","channels":["c"]}"""));

        string answer;
        int frames = 0;
        do answer = await client.AskAsync("""{"type":"ping"}""");
        while (!answer.StartsWith("close", StringComparison.Ordinal) && ++frames < 100);
        Assert.Equal("close 4003", answer);

        using SocketClient other = await SocketClient.OpenReadyAsync(server);
        Assert.Equal("close 1009", await other.AskAsync(new string(' ', 2001)));
    }

    [Fact]
    public async Task A_peer_that_answers_no_ping_is_closed_and_one_that_answers_stays()
    {
        await using SocketServer server = await SocketServer.StartAsync(settings =>
        {
            settings.WsPingIntervalMs = 50;
            settings.WsPongTimeoutMs = 300;
        });
        using RawSocket deaf = await RawSocket.OpenAsync(server);
        using SocketClient alive = await SocketClient.OpenReadyAsync(server);
        Task<string> reading = alive.ReceiveAsync();

        byte[] frame;
        do frame = await deaf.ReadFrameAsync();
        while (frame[0] == 0x89);
        Assert.Equal(RawSocket.Bytes("88 19 0FA2"), frame[..4]);
        await UntilAsync(() => Sockets(server) == 1);
        Assert.False(reading.IsCompleted);
        await alive.SendAsync("""{"type":"cmd","id":"1","args":["PING"]}""");
        Assert.Contains("PONG", await reading);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("drop-oldest")]
    public async Task Who_stops_reading_is_cut_or_loses_messages_while_others_miss_nothing(string onSlow)
    {
        await using SocketServer server = await SocketServer.StartAsync(settings => settings.WsSendQueueBytes = 64 * 1024);
        using RawSocket slow = await RawSocket.OpenAsync(server, receiveBufferBytes: 4096);
        using SocketClient quick = await SocketClient.OpenReadyAsync(server);
        await slow.SendTextAsync($$"""{"type":"subscribe","id":"s","channels":["c"],"onSlow":"{{onSlow}}"}""");
        await slow.ReceiveAsync();
        await quick.AskAsync("""{"type":"subscribe","id":"q","channels":["c"]}""");

        // More than the buffers between, and the queue, hold.
        int published = 0;
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string('x', 60 * 1024)));
        while (published < 100)
        {
            await server.Client().PostAsync("/publish/c", content);
            Assert.EndsWith($",\"n\":{++published}}}", await quick.ReceiveAsync());
        }
        await server.Client().GetAsync("/publish/c/last");
        published++;

        long received = 0, dropped = 0;
        string frame;
        for (frame = await slow.ReceiveAsync(); frame.StartsWith("{\"type\":\"message\"", StringComparison.Ordinal) || frame.Contains("\"gap\"", StringComparison.Ordinal); frame = await slow.ReceiveAsync())
        {
            if (frame.Contains("\"gap\"", StringComparison.Ordinal)) dropped += long.Parse(frame[(frame.LastIndexOf(':') + 1)..^1]);
            else received++;
            if (frame.Contains("\"last\"", StringComparison.Ordinal)) break;
        }
        if (onSlow == "close")
        {
            Assert.True(received < published);
            // The server waits only so long for the word to be read: a slow machine sees the cut alone.
            if (frame == "cut") return;
            Assert.Contains("\"code\":\"SLOW\"", frame);
            Assert.Equal("close 4001", await slow.ReceiveAsync());
        }
        else
        {
            Assert.True(dropped > 0);
            Assert.Equal(published, dropped + received);
        }
    }

    [Fact]
    public async Task A_half_sent_frame_takes_no_more_than_it_has_sent()
    {
        await using SocketServer server = await SocketServer.StartAsync();
        using RawSocket client = await RawSocket.OpenAsync(server);
        // A megabyte is announced, and never comes: the server still stops in time.
        await client.SendAsync("81 FF 0000000000100000 00000000");

        Task stop = server.StopAsync();

        Assert.Same(stop, await Task.WhenAny(stop, Task.Delay(TimeSpan.FromSeconds(20))));
    }

    [Fact]
    public async Task A_client_that_goes_while_its_commands_block_leaves_nothing_behind()
    {
        await using SocketServer server = await SocketServer.StartAsync(settings => settings.WsMaxInFlight = 2);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);
        await FillAsync(server, client);

        client.Socket.Abort();

        await UntilAsync(() => Sockets(server) == 0);
        Assert.Equal(0, Blocked(server));
    }

    [Fact]
    public async Task A_client_that_is_killed_while_its_commands_block_waits_for_nothing_more()
    {
        await using SocketServer server = await SocketServer.StartAsync(settings => settings.WsMaxInFlight = 2);
        using SocketClient client = await SocketClient.OpenReadyAsync(server);
        await FillAsync(server, client);

        server.Engine.InTurn(() => server.Engine.Server.Sessions.All.First(session => session.CanBeKilled).Kill(afterReply: false));

        // The client has not answered the close yet.
        Assert.Equal("close 4506", await client.ReceiveAsync());
        await UntilAsync(() => Blocked(server) == 0);
        await UntilAsync(() => Sockets(server) == 0);
    }

    /// <summary>Two commands block, and a third frame finds no room.</summary>
    private static async Task FillAsync(SocketServer server, SocketClient client)
    {
        for (int i = 0; i < 3; i++) await client.SendAsync($$"""{"type":"cmd","id":"{{i}}","args":["BLPOP","k","0"]}""");
        await UntilAsync(() => Blocked(server) == 2);
    }

    private static int Blocked(SocketServer server)
    {
        int count = 0;
        server.Engine.InTurn(() => count = server.Engine.Server.Blocking.Count);
        return count;
    }

    private static int Sockets(SocketServer server) => server.Engine.Server.Sessions.All.Count(session => session.Kind == SessionKind.WebSocket);

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 2000 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition());
    }
}
