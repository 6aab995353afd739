using System.Net;
using System.Net.Sockets;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

/// <summary>What only the epoll transport promises.</summary>
public sealed class ReactorTests
{
    [Fact]
    public async Task Several_reactors_share_the_clients()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        await using var server = new ToyServer(TransportKind.Epoll, change: options => options with { ThreadCount = 3 });
        var clients = new List<ToyClient>();
        for (int i = 0; i < 60; i++) clients.Add(server.Connect());
        for (int round = 0; round < 20; round++)
        {
            foreach (ToyClient client in clients) client.Send($"SET k {round}\r\nGET k\r\n");
            string reply = $"+OK\r\n${round.ToString(System.Globalization.CultureInfo.InvariantCulture).Length}\r\n{round}\r\n";
            foreach (ToyClient client in clients) client.Expect(reply);
        }
        server.Handler.InTurn(_ => server.Handler.Publish("x"u8));
        foreach (ToyClient client in clients) client.Expect("*1\r\n$1\r\nx\r\n");
        foreach (ToyClient client in clients) client.Dispose();
        await ToyServer.Until(() => server.Transport.ConnectionCount == 0);
    }

    [Fact]
    public async Task Flushes_from_many_threads_at_once_are_all_sent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        const int Threads = 4;
        const int Messages = 2_000;
        await using var server = new ToyServer(TransportKind.Epoll);
        using ToyClient client = server.Connect();
        client.Send("PING\r\n");
        client.Expect("+PONG\r\n");
        Thread[] publishers = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < Messages; i++) server.Handler.InTurn(_ => server.Handler.Publish("m"u8));
        }))];
        foreach (Thread publisher in publishers) publisher.Start();
        client.Expect(string.Concat(Enumerable.Repeat("*1\r\n$1\r\nm\r\n", Threads * Messages)));
        foreach (Thread publisher in publishers) publisher.Join();
    }

    [Fact]
    public async Task A_turn_allocates_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        const int WarmRounds = 200;
        const int Rounds = 2_000;
        var handler = new PongHandler();
        await using ITransport transport = Transports.Create(
            new TransportOptions { Endpoints = [new IPEndPoint(IPAddress.Loopback, 0)], Kind = TransportKind.Epoll }, handler);
        transport.Start();
        using var client = new ToyClient(new TcpClient(AddressFamily.InterNetwork), transport.Endpoints[0]);
        byte[] commands = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("*1\r\n$4\r\nPING\r\n", 16)));
        byte[] replies = new byte["+PONG\r\n".Length * 16];
        long before = 0;
        for (int i = 0; i < WarmRounds + Rounds; i++)
        {
            if (i == WarmRounds) before = handler.AllocatedBytes;
            client.SendAll(commands);
            client.ReceiveInto(replies);
        }
        Assert.Equal(0, handler.AllocatedBytes - before);
    }

    /// <summary>Answers PONG to anything, and knows what the reactor's thread has allocated up to its last turn.</summary>
    private sealed class PongHandler : IConnectionHandler
    {
        private long _allocatedBytes;

        public event Action? TicketReleased
        {
            add { }
            remove { }
        }

        public long AllocatedBytes => Volatile.Read(ref _allocatedBytes);

        public Traffic Traffic { get; } = new();

        public long ReleasedTicket => 0;

        public void EnterTurn(ITransportLoop? loop = null) => Volatile.Write(ref _allocatedBytes, GC.GetAllocatedBytesForCurrentThread());

        public void LeaveTurn()
        {
        }

        public void Post(ITurnWork work) => throw new NotSupportedException("Only the reactor runs here.");

        public bool Opened(Connection connection)
        {
            connection.State = new RespWriter(connection.Output);
            return true;
        }

        public void Closed(Connection connection)
        {
        }

        public bool Run(Connection connection, int commandsMax)
        {
            while (connection.Reader.TryRead(out _) == ReadStatus.Command) ((RespWriter)connection.State!).Simple("PONG"u8);
            return false;
        }
    }
}
