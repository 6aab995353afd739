using System.Net;
using System.Text;
using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

public sealed class TransportTests
{
    public static TheoryData<TransportKind> Kinds =>
        OperatingSystem.IsLinux() ? [TransportKind.Epoll, TransportKind.Socket] : [TransportKind.Socket];

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_command_is_answered(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        client.Send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nPING\r\n");
        client.Expect("+OK\r\n$5\r\nvalue\r\n+PONG\r\n");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_is_carried_is_counted(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        for (int i = 0; i < 3; i++)
        {
            client.Send("PING\r\n");
            client.Expect("+PONG\r\n");
        }
        // The reply may be here before whoever sent it has counted it.
        Assert.True(SpinWait.SpinUntil(() => server.Handler.Traffic.Sendings == 3, TimeSpan.FromSeconds(10)));
        Traffic traffic = server.Handler.Traffic;
        Assert.Equal((18, 3, 21), (traffic.ReceivedBytes, traffic.Receptions, traffic.SentBytes));
        traffic.Reset();
        Assert.Equal((0, 0, 0, 0), (traffic.ReceivedBytes, traffic.Receptions, traffic.SentBytes, traffic.Sendings));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Ten_thousand_pipelined_commands_are_answered_in_order(TransportKind kind)
    {
        const int Count = 10_000;
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        var commands = new StringBuilder();
        var replies = new StringBuilder();
        for (int i = 0; i < Count; i++)
        {
            commands.Append($"*2\r\n$4\r\nECHO\r\n$5\r\n{i:D5}\r\n");
            replies.Append($"$5\r\n{i:D5}\r\n");
        }
        Task sending = Task.Run(() => client.Send(commands.ToString()), TestContext.Current.CancellationToken);
        client.Expect(replies.ToString());
        await sending;
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_command_that_arrives_byte_by_byte_is_answered(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        foreach (char c in "*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\n") client.Send(c.ToString());
        client.Expect("$3\r\nabc\r\n");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_slow_reader_gets_fifty_megabytes_and_keeps_nobody_waiting(TransportKind kind)
    {
        const int Length = 50 * 1024 * 1024;
        await using var server = new ToyServer(kind);
        using ToyClient slow = server.Connect();
        using ToyClient other = server.Connect();
        slow.Send($"BIG {Length}\r\nPING\r\n");
        for (int i = 0; i < 100; i++)
        {
            other.Send("PING\r\n");
            other.Expect("+PONG\r\n");
        }
        await ToyServer.Until(() => server.Handler.Connections.Any(one => one.Output.PendingBytes > 0));
        slow.Expect($"${Length}\r\n");
        Assert.DoesNotContain(slow.Receive(Length), b => b != 0);
        slow.Expect("\r\n+PONG\r\n");
        await ToyServer.Until(() => server.Handler.Connections.All(one => one.Output.PendingBytes == 0));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_large_argument_comes_back_whole(TransportKind kind)
    {
        const int Length = 20 * 1024 * 1024;
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        var body = new byte[Length];
        new Random(7).NextBytes(body);
        client.Send($"*2\r\n$4\r\nECHO\r\n${Length}\r\n");
        client.SendAll(body);
        client.Send("\r\n");
        client.Expect($"${Length}\r\n");
        Assert.Equal(body, client.Receive(Length));
        client.Expect("\r\n");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Held_replies_leave_when_their_ticket_is_released(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        client.Send("PING\r\nHOLD 5\r\nPING\r\nHOLD 9\r\n");
        client.Expect("+PONG\r\n");
        client.ExpectNothing();
        server.Handler.Release(4);
        client.ExpectNothing();
        server.Handler.Release(9);
        client.Expect("+OK\r\n+PONG\r\n+OK\r\n");
        client.Send("PING\r\n");
        client.Expect("+PONG\r\n");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_ticket_that_is_released_at_any_moment_wakes_its_holder(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        for (int ticket = 1; ticket <= 500; ticket++)
        {
            client.Send($"HOLD {ticket}\r\n");
            if (ticket % 3 == 0) Thread.SpinWait(ticket * 20);
            server.Handler.Release(ticket);
            client.Expect("+OK\r\n");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_others_write_to_a_client_is_sent_when_a_flush_is_requested(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient publisher = server.Connect();
        using ToyClient subscriber = server.Connect();
        subscriber.Send("PING\r\n");
        subscriber.Expect("+PONG\r\n");
        for (int i = 0; i < 200; i++)
        {
            publisher.Send("PUBLISH a\r\n");
            publisher.Expect("*1\r\n$1\r\na\r\n+OK\r\n");
            subscriber.Expect("*1\r\n$1\r\na\r\n");
            server.Handler.InTurn(_ => server.Handler.Publish("b"u8));
            publisher.Expect("*1\r\n$1\r\nb\r\n");
            subscriber.Expect("*1\r\n$1\r\nb\r\n");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Addresses_are_printed_as_redis_prints_them(TransportKind kind)
    {
        await using var server = new ToyServer(kind, change: options => options with
        {
            Endpoints = [new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.IPv6Loopback, 0)],
        });
        foreach (IPEndPoint endpoint in server.Transport.Endpoints)
        {
            using var client = new ToyClient(new System.Net.Sockets.TcpClient(endpoint.AddressFamily), endpoint);
            client.Send("PING\r\n");
            client.Expect("+PONG\r\n");
            Connection connection = Assert.Single(server.Handler.Connections, one => one.RemoteAddress == client.LocalAddress);
            Assert.Equal(endpoint.ToString(), connection.LocalAddress);
            Assert.True(connection.IsLocal);
            Assert.True(connection.Descriptor > 0);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_Unix_socket_has_its_mode_and_its_path_as_address(TransportKind kind)
    {
        string path = Path.Combine(Path.GetTempPath(), $"galley-{Guid.NewGuid():N}.sock");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        await using (var server = new ToyServer(kind, change: options => options with { UnixSocketPath = path, UnixSocketMode = Mode }))
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(Mode, File.GetUnixFileMode(path));
            using var client = new ToyClient(path);
            client.Send("PING\r\n");
            client.Expect("+PONG\r\n");
            Connection connection = Assert.Single(server.Handler.Connections);
            Assert.Equal($"{path}:0", connection.RemoteAddress);
            Assert.True(connection.IsUnixSocket);
        }
        Assert.False(File.Exists(path));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_port_that_is_taken_is_refused_with_its_address(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        IPEndPoint taken = server.Transport.Endpoints[0];
        var refused = Assert.Throws<ListenException>(() =>
            new ToyServer(kind, change: options => options with { Endpoints = [taken] }));
        Assert.Contains(taken.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_optional_address_that_the_machine_lacks_is_left_out(TransportKind kind)
    {
        // 192.0.2.0/24 is for documentation, and nobody's.
        var missing = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0);
        await using var server = new ToyServer(kind, change: options => options with { OptionalEndpoints = [missing] });
        Assert.Single(server.Transport.Endpoints);
        var refused = Assert.Throws<ListenException>(() =>
            new ToyServer(kind, change: options => options with { Endpoints = [missing] }));
        Assert.True(refused.IsMissing);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_pipeline_faster_than_its_turns_does_not_pile_up_in_the_server(TransportKind kind)
    {
        const int Count = 200_000;
        await using var server = new ToyServer(kind);
        using ToyClient client = server.Connect();
        Task sending = Task.Run(() => client.Send(string.Concat(Enumerable.Repeat("PING\r\n", Count))), TestContext.Current.CancellationToken);
        var replies = new byte["+PONG\r\n".Length * 1000];
        int pendingMax = 0;
        for (int i = 0; i < Count / 1000; i++)
        {
            client.ReceiveInto(replies);
            pendingMax = Math.Max(pendingMax, server.Handler.Connections[0].Reader.PendingBytes);
        }
        await sending;
        Assert.InRange(pendingMax, 0, 64 * 1024);
    }
}
