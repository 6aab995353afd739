using System.Net.Sockets;
using Galley.Store.Commands;
using Xunit;

namespace Galley.Api.Tests.WebSockets.Protocol;

/// <summary>Frames that no well-behaved library sends, on a bare connection.</summary>
public sealed class BreachTests : IAsyncLifetime
{
    private SocketServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SocketServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("81 00", 1002)]                                     // no mask
    [InlineData("C1 80 00000000", 1002)]                            // compressed
    [InlineData("83 80 00000000", 1002)]                            // no such opcode
    [InlineData("09 80 00000000", 1002)]                            // a ping in pieces
    [InlineData("80 80 00000000", 1002)]                            // goes on with nothing
    [InlineData("88 81 00000000 00", 1002)]                         // a close of one byte
    [InlineData("88 82 00000000 03ED", 1002)]                       // 1005 is never sent
    [InlineData("81 FF 7FFFFFFFFFFFFFFF 00000000", 1009)]           // 8 exabytes to come
    [InlineData("81 82 00000000 C328", 4502)]                       // no UTF-8
    [InlineData("82 80 00000000", 4502)]                            // binary
    public async Task A_breach_is_answered_by_a_close_and_the_server_lives(string frame, int code)
    {
        using RawSocket client = await RawSocket.OpenAsync(_server);
        await client.SendAsync(frame);

        byte[] close = await client.ReadFrameAsync();

        Assert.Equal(0x88, close[0]);
        Assert.Equal(code, (close[2] << 8) | close[3]);
        Assert.Equal("{\"result\":\"PONG\"}", await _server.Client().GetStringAsync("/ping"));
    }

    [Fact]
    public async Task A_ping_is_answered_by_its_pong_and_a_close_by_its_code()
    {
        using RawSocket client = await RawSocket.OpenAsync(_server);

        await client.SendAsync("89 84 01010101 71686F66");
        Assert.Equal(RawSocket.Bytes("8A 04 70696E67"), await client.ReadFrameAsync());
        await client.SendAsync("88 82 00000000 03E9");
        Assert.Equal(RawSocket.Bytes("88 02 03E9"), await client.ReadFrameAsync());
        Assert.True(await client.IsAtEndAsync());
    }

    [Fact]
    public async Task A_connection_that_is_cut_leaves_no_session()
    {
        using (RawSocket client = await RawSocket.OpenAsync(_server))
        {
            Assert.Contains(_server.Engine.Server.Sessions.All, session => session.Kind == SessionKind.WebSocket);
            client.Client.LingerState = new LingerOption(true, 0);
        }
        for (int i = 0; i < 500 && HasSocket(); i++) await Task.Delay(10);
        Assert.False(HasSocket());

        bool HasSocket() => _server.Engine.Server.Sessions.All.Any(session => session.Kind == SessionKind.WebSocket);
    }
}
