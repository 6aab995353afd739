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
        using SocketClient slow = await SocketClient.OpenReadyAsync(server);
        using SocketClient quick = await SocketClient.OpenReadyAsync(server);
        await slow.AskAsync($$"""{"type":"subscribe","id":"s","channels":["c"],"onSlow":"{{onSlow}}"}""");
        await quick.AskAsync("""{"type":"subscribe","id":"q","channels":["c"]}""");

        // More than the network's buffers and the queue hold.
        const int Messages = 400;
        string payload = new('x', 64 * 1024 - 100);
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(payload));
        for (int i = 1; i <= Messages; i++)
        {
            await server.Client().PostAsync("/publish/c", content);
            Assert.EndsWith($",\"n\":{i}}}", await quick.ReceiveAsync());
        }

        if (onSlow == "close")
        {
            List<string> frames = await slow.ReceiveAllAsync();
            Assert.True(frames.Count < Messages);
            // The server waits only so long for the word to be read: a slow machine sees the cut alone.
            if (frames[^1] == "cut") return;
            Assert.Equal("close 4001", frames[^1]);
            Assert.Contains("\"code\":\"SLOW\"", frames[^2]);
        }
        else
        {
            await server.Client().GetAsync("/publish/c/last");
            string frame;
            long dropped = 0, received = 0;
            do
            {
                frame = await slow.ReceiveAsync();
                if (frame.Contains("\"gap\"", StringComparison.Ordinal)) dropped += long.Parse(frame[(frame.LastIndexOf(':') + 1)..^1]);
                else received++;
            }
            while (!frame.Contains("\"last\"", StringComparison.Ordinal));
            Assert.True(dropped > 0);
            Assert.Equal(Messages + 1, dropped + received);
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

    private static int Sockets(SocketServer server) => server.Engine.Server.Sessions.All.Count(session => session.Kind == SessionKind.WebSocket);

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 2000 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition());
    }
}
