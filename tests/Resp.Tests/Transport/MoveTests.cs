using System.Net;
using System.Net.Sockets;
using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

/// <summary>A door that moves to other addresses while clients are inside.</summary>
public sealed class MoveTests
{
    public static TheoryData<TransportKind> Kinds => TransportTests.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Who_is_inside_stays_and_the_new_address_serves(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        IPEndPoint old = server.Transport.Endpoints[0];
        using ToyClient inside = server.Connect();
        Expect(inside);

        server.Transport.Move([new IPEndPoint(IPAddress.Loopback, 0)]);

        Assert.NotEqual(old, Assert.Single(server.Transport.Endpoints));
        using ToyClient after = server.Connect();
        Expect(after);
        Expect(inside);
        await ToyServer.Until(() => IsRefused(old));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_address_that_stays_is_never_shut(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        IPEndPoint kept = server.Transport.Endpoints[0];

        server.Transport.Move([kept, new IPEndPoint(IPAddress.Loopback, 0)]);
        Assert.Equal(2, server.Transport.Endpoints.Count);
        server.Transport.Move([kept]);

        Assert.Equal([kept], server.Transport.Endpoints);
        using ToyClient client = server.Connect();
        Expect(client);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_port_is_taken_at_every_address_and_given_back(TransportKind kind)
    {
        IPEndPoint one = Free();
        await using var server = new ToyServer(kind, change: options => options with { Endpoints = [one] });

        server.Transport.Move([new IPEndPoint(IPAddress.Any, one.Port)]);
        using ToyClient first = new(new TcpClient(AddressFamily.InterNetwork), one);
        Expect(first);
        server.Transport.Move([one]);

        Assert.Equal([one], server.Transport.Endpoints);
        await ToyServer.Until(() => !IsRefused(one));
        using ToyClient second = server.Connect();
        Expect(second);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_move_that_fails_leaves_all_as_it_was(TransportKind kind)
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var taken = (IPEndPoint)stranger.LocalEndpoint;
        IPEndPoint old = Free();
        await using var server = new ToyServer(kind, change: options => options with { Endpoints = [old] });

        Assert.ThrowsAny<IOException>(() => server.Transport.Move([new IPEndPoint(IPAddress.Any, old.Port), taken]));

        Assert.Equal([old], server.Transport.Endpoints);
        using ToyClient client = server.Connect();
        Expect(client);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_door_may_be_shut_and_opened_again(TransportKind kind)
    {
        await using var server = new ToyServer(kind);
        using ToyClient inside = server.Connect();
        Expect(inside);
        for (int i = 0; i < 20; i++)
        {
            server.Transport.Move([]);
            server.Transport.Move([new IPEndPoint(IPAddress.Loopback, 0)]);
            using ToyClient client = server.Connect();
            Expect(client);
        }
        Expect(inside);
    }

    private static void Expect(ToyClient client)
    {
        client.Send("PING\r\n");
        client.Expect("+PONG\r\n");
    }

    private static IPEndPoint Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    private static bool IsRefused(IPEndPoint endpoint)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(endpoint);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
