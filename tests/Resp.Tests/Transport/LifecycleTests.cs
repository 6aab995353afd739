using Galley.Resp.Protocol;
using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

/// <summary>How connections begin, pause and end.</summary>
public sealed class LifecycleTests
{
    public static TheoryData<TransportKind> Kinds => TransportTests.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_refused_client_is_told_and_closed(TransportKind kind)
    {
        await using var server = new ToyServer(kind, new ToyHandler { ClientsMax = 1 });
        using ToyClient first = server.Connect();
        first.Send("PING\r\n");
        first.Expect("+PONG\r\n");
        using ToyClient second = server.Connect();
        second.Expect("-ERR max number of clients reached\r\n");
        second.ExpectEnd();
        await ToyServer.Until(() => server.Handler.ClosedCount == 1 && server.Transport.ConnectionCount == 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_protocol_error_is_told_and_ends_the_connection(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        client.Send("PING\r\n*1\r\n+x\r\n");
        client.Expect("+PONG\r\n-ERR Protocol error: expected '$', got '+'\r\n");
        client.ExpectEnd();
        await ToyServer.Until(() => server.Handler.ClosedCount == 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Quit_is_answered_before_the_end(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        client.Send("BIG 3000000\r\nQUIT\r\nPING\r\n");
        client.Expect("$3000000\r\n");
        client.Receive(3_000_002);
        client.Expect("+OK\r\n");
        client.ExpectEnd();
        await ToyServer.Until(() => server.Handler.ClosedCount == 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_client_that_ends_its_sending_still_gets_every_reply(TransportKind kind)
    {
        const int Count = 5_000;
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        client.Send(string.Concat(Enumerable.Repeat("BIG 1000\r\n", Count)) + "*1\r\n$4\r\nPI");
        client.EndSending();
        for (int i = 0; i < Count; i++)
        {
            client.Expect("$1000\r\n");
            client.Receive(1002);
        }
        client.ExpectEnd();
        await ToyServer.Until(() => server.Handler.ClosedCount == 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_aborted_connection_ends_at_once(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        client.Send("BIG 50000000\r\n");
        await ToyServer.Until(() => server.Handler.Connections is [{ Output.PendingBytes: > 0 }]);
        server.Handler.Connections[0].Abort();
        await ToyServer.Until(() => server.Handler.ClosedCount == 1 && server.Transport.ConnectionCount == 0);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_reset_by_the_client_is_noticed(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        ToyClient client = server.Connect();
        client.Send("BIG 50000000\r\n");
        await ToyServer.Until(() => server.Handler.Connections is [{ Output.PendingBytes: > 0 }]);
        client.Reset();
        await ToyServer.Until(() => server.Handler.ClosedCount == 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_paused_client_keeps_its_input_until_it_is_resumed(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        for (int i = 0; i < 50; i++)
        {
            client.Send("BLOCK\r\nPING\r\n");
            if (i % 2 == 0) client.Send("PING\r\n");
            if (i < 3) client.ExpectNothing(50);
            server.Handler.InTurn(all => all.Single().Resume());
            // The resume may have come before the block; then nobody else ends it.
            await ToyServer.Until(() =>
            {
                server.Handler.InTurn(all => all.Single().Resume());
                return client.HasInput;
            });
            client.Expect("+PONG\r\n");
            if (i % 2 == 0) client.Expect("+PONG\r\n");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_paused_client_that_goes_away_is_noticed(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        ToyClient client = server.Connect();
        client.Send("BLOCK\r\n");
        await Task.Delay(50, TestContext.Current.CancellationToken);
        client.Dispose();
        await ToyServer.Until(() => server.Handler.ClosedCount == 1);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_thousand_connections_are_served_and_leave_nothing(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        var clients = new List<ToyClient>();
        for (int i = 0; i < 1000; i++) clients.Add(server.Connect());
        foreach (ToyClient client in clients) client.Send("*1\r\n$4\r\nPING\r\n");
        foreach (ToyClient client in clients) client.Expect("+PONG\r\n");
        Assert.Equal(1000, server.Transport.ConnectionCount);
        await ToyServer.Until(() => server.Handler.Connections.All(one => one.Output.PendingBytes == 0));
        foreach (ToyClient client in clients) client.Dispose();
        await ToyServer.Until(() => server.Handler.ClosedCount == 1000 && server.Transport.ConnectionCount == 0);
        Assert.Equal(1000, server.Handler.OpenedCount);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Who_is_inside_stays_when_the_doors_are_closed(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        client.Send("PING\r\n");
        client.Expect("+PONG\r\n");
        server.Transport.StopAccepting();
        await ToyServer.Until(() =>
        {
            try
            {
                using ToyClient late = server.Connect();
                return false;
            }
            catch (System.Net.Sockets.SocketException)
            {
                return true;
            }
        });
        client.Send("PING\r\n");
        client.Expect("+PONG\r\n");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Who_sends_more_ahead_than_allowed_is_closed(TransportKind kind)
    {
        var limits = new RespLimits { QueryBufferBytesMax = 100_000 };
        await using var server = new ToyServer(kind, change: options => options with { Limits = limits });
        using ToyClient client = server.Connect();
        client.Send("*1\r\n$1000000\r\n");
        for (int i = 0; i < 40 && server.Handler.ClosedCount == 0; i++)
        {
            if (!client.TrySend(new byte[10_000])) break;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        await ToyServer.Until(() => server.Handler.ClosedCount == 1);
    }

    [Fact]
    public async Task Clients_that_come_and_go_by_reset_leave_nothing()
    {
        await using var server = new ToyServer(TransportKind.Automatic);
        for (int round = 0; round < 20; round++)
        {
            var clients = new List<ToyClient>();
            for (int i = 0; i < 50; i++) clients.Add(server.Connect());
            foreach (ToyClient client in clients)
            {
                client.Send("PING\r\n");
                client.Expect("+PONG\r\n");
                client.Reset();
            }
        }
        await ToyServer.Until(() => server.Handler.ClosedCount == 1000 && server.Transport.ConnectionCount == 0);
    }
}
