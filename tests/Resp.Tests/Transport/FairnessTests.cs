using System.Globalization;
using System.Net.Sockets;
using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

/// <summary>What many clients that want much leave to one that wants little.</summary>
public sealed class FairnessTests
{
    private const int Crowd = 32;

    [Fact]
    public async Task Who_asks_little_waits_for_the_first_share_of_those_who_ask_much_and_not_for_all_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        const int FirstShare = 16;
        const int Pipeline = 1000;
        await using var server = new ToyServer(TransportKind.Epoll);
        ToyClient[] crowd = Connect(server, Crowd);
        using ToyClient modest = server.Connect(), first = server.Connect();
        Served([.. crowd, modest, first]);
        int before = server.Handler.CommandCount;

        InOneTurn(server, first, () =>
        {
            foreach (ToyClient client in crowd) client.Send(string.Concat(Enumerable.Repeat("PING\r\n", Pipeline)));
            modest.Send("COUNT\r\n");
        });

        int ahead = int.Parse(modest.ReceiveLine()[1..], CultureInfo.InvariantCulture) - before - 1;
        Assert.InRange(ahead, 0, (Crowd * FirstShare) + 1);
        foreach (ToyClient client in crowd) client.Expect(string.Concat(Enumerable.Repeat("+PONG\r\n", Pipeline)));
        foreach (ToyClient client in crowd) client.Dispose();
    }

    [Fact]
    public async Task Who_has_not_authenticated_waits_for_all_who_have()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        await using var server = new ToyServer(TransportKind.Epoll, new ToyHandler { AsksForPassword = true });
        ToyClient[] crowd = Connect(server, Crowd);
        using ToyClient modest = server.Connect(), first = server.Connect();
        Served([.. crowd, modest, first]);
        foreach (ToyClient client in new[] { modest, first })
        {
            client.Send("AUTH\r\n");
            client.Expect("+OK\r\n");
        }
        int before = server.Handler.CommandCount;

        InOneTurn(server, first, () =>
        {
            foreach (ToyClient client in crowd) client.Send("PING\r\nPING\r\n");
            modest.Send("COUNT\r\n");
        });

        Assert.Equal(before + 2, int.Parse(modest.ReceiveLine()[1..], CultureInfo.InvariantCulture));
        foreach (ToyClient client in crowd) client.Expect("+PONG\r\n+PONG\r\n");
        foreach (ToyClient client in crowd) client.Dispose();
    }

    [Fact]
    public async Task Those_who_do_not_read_are_served_one_after_another()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        const int Clogging = 16_000_000;
        const int Pipeline = 200;
        const int Cloggers = 4;
        await using var server = new ToyServer(TransportKind.Epoll);
        ToyClient[] crowd = Connect(server, Cloggers);
        using ToyClient first = server.Connect();
        Served([.. crowd, first]);
        foreach (ToyClient client in crowd) client.Send($"BIG {Clogging}\r\n");
        await ToyServer.Until(() => server.Handler.Connections.Count(one => ((EpollConnection)one).WaitsForRoom) == Cloggers);
        // The kernel's buffers may still grow: until nothing has gone for a while, somebody may be taken for a reader.
        await ToyServer.Until(HasComeToRest);

        InOneTurn(server, first, () =>
        {
            foreach (ToyClient client in crowd) client.Send(string.Concat(Enumerable.Repeat("NOTE\r\n", Pipeline)));
        });
        await ToyServer.Until(() => CountNotes() == Cloggers * Pipeline);
        int turnsToAnother = 0;
        server.Handler.InTurn(_ => turnsToAnother = server.Handler.Notes.Zip(server.Handler.Notes.Skip(1)).Count(pair => pair.First != pair.Second));
        Assert.Equal(Cloggers - 1, turnsToAnother);

        // Whoever reads after all gets everything, and the others still wait.
        byte[] reply = new byte[$"${Clogging}\r\n".Length + Clogging + "\r\n".Length + (Pipeline * "+OK\r\n".Length)];
        foreach (ToyClient client in crowd)
        {
            client.ReceiveInto(reply);
            Assert.Equal("+OK\r\n"u8, reply.AsSpan()[^5..]);
            client.Send("PING\r\n");
            client.Expect("+PONG\r\n");
            client.Dispose();
        }

        int CountNotes()
        {
            int count = 0;
            server.Handler.InTurn(_ => count = server.Handler.Notes.Count);
            return count;
        }

        bool HasComeToRest()
        {
            long before = Pending();
            Thread.Sleep(100);
            return Pending() == before;
        }

        long Pending() => server.Handler.Connections.Sum(one => one.Output.PendingBytes);
    }

    [Fact]
    public async Task Many_large_replies_take_turns_and_all_arrive()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        const int Bytes = 1_500_000;
        await using var server = new ToyServer(TransportKind.Epoll);
        ToyClient[] crowd = Connect(server, Crowd);
        using ToyClient modest = server.Connect();
        Served([.. crowd, modest]);

        foreach (ToyClient client in crowd) client.Send($"BIG {Bytes}\r\nPING\r\n");
        modest.Send("PING\r\n");
        modest.Expect("+PONG\r\n");

        byte[] reply = new byte[$"${Bytes}\r\n".Length + Bytes + "\r\n+PONG\r\n".Length];
        foreach (ToyClient client in crowd)
        {
            client.ReceiveInto(reply);
            Assert.Equal("\r\n+PONG\r\n"u8, reply.AsSpan()[^9..]);
            client.Dispose();
        }
        await ToyServer.Until(() => server.Transport.ConnectionCount == 1);
    }

    [Fact]
    public async Task Connections_take_over_what_the_listening_socket_has_and_a_change_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        await using var server = new ToyServer(TransportKind.Epoll, change: options => options with { KeepAliveSeconds = 60 });

        Assert.Equal((true, true, 60, 20), await NewcomerAsync());
        server.Transport.KeepAlive(0);
        Assert.Equal((true, false), (await NewcomerAsync()) is var (noDelay, keepsAlive, _, _) ? (noDelay, keepsAlive) : default);
        server.Transport.KeepAlive(300);
        Assert.Equal((true, true, 300, 100), await NewcomerAsync());

        async Task<(bool NoDelay, bool KeepsAlive, int Seconds, int Interval)> NewcomerAsync()
        {
            using ToyClient client = server.Connect();
            Served([client]);
            int descriptor = Assert.Single(server.Handler.Connections).Descriptor;
            (bool, bool, int, int) found;
            using (var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false)))
            {
                found = (socket.NoDelay, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0,
                    (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!,
                    (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)!);
            }
            client.Dispose();
            await ToyServer.Until(() => server.Transport.ConnectionCount == 0);
            return found;
        }
    }

    private static ToyClient[] Connect(ToyServer server, int count) => [.. Enumerable.Range(0, count).Select(_ => server.Connect())];

    /// <summary>The reactor waits for the gate, with one command to run, until all have sent.</summary>
    private static void InOneTurn(ToyServer server, ToyClient first, Action send) =>
        server.Handler.InTurn(_ =>
        {
            int comers = server.Handler.Comers;
            first.Send("PING\r\n");
            SpinWait.SpinUntil(() => server.Handler.Comers > comers);
            send();
        });

    private static void Served(ToyClient[] clients)
    {
        foreach (ToyClient client in clients)
        {
            client.Send("PING\r\n");
            client.Expect("+PONG\r\n");
        }
    }
}
