using Galley.Resp.Transport;

namespace Galley.Resp.Tests.Transport;

/// <summary>A turn within a turn: a command that takes long lets the reactor's other connections run meanwhile.</summary>
public sealed class RunOnceTests
{
    [Fact]
    public async Task Others_come_go_and_are_served_in_the_midst_of_a_long_command()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        await using var server = new ToyServer(TransportKind.Epoll);
        using ToyClient slow = server.Connect(), other = server.Connect();
        other.Send("PING\r\n");
        other.Expect("+PONG\r\n");
        slow.Send("SET k 1\r\nLEND abc\r\nGET k\r\n");
        for (int i = 0; i < 20; i++)
        {
            other.Send($"SET k {i}\r\nGET k\r\n");
            other.Expect($"+OK\r\n${(i < 10 ? 1 : 2)}\r\n{i}\r\n");
            using ToyClient guest = server.Connect();
            guest.Send("ECHO hello\r\n");
            guest.Expect("$5\r\nhello\r\n");
        }
        // What the slow client sends meanwhile waits, and is whole.
        slow.Send(string.Concat(Enumerable.Repeat("ECHO x\r\n", 5_000)));
        other.Send("FREE\r\n");
        other.Expect("+OK\r\n");
        slow.Expect("+OK\r\n$3\r\nabc\r\n$2\r\n19\r\n" + string.Concat(Enumerable.Repeat("$1\r\nx\r\n", 5_000)));
        await ToyServer.Until(() => server.Transport.ConnectionCount == 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_in_the_midst_of_its_command_leaves_when_that_has_ended(bool byReset)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        await using var server = new ToyServer(TransportKind.Epoll);
        using ToyClient slow = server.Connect(), other = server.Connect();
        slow.Send("LEND abc\r\n");
        other.Send("PING\r\n");
        other.Expect("+PONG\r\n");
        if (byReset) slow.Reset();
        else slow.Dispose();
        for (int i = 0; i < 100; i++)
        {
            other.Send("PING\r\n");
            other.Expect("+PONG\r\n");
        }
        Assert.Equal(2, server.Transport.ConnectionCount);
        other.Send("FREE\r\n");
        other.Expect("+OK\r\n");
        await ToyServer.Until(() => server.Transport.ConnectionCount == 1);
    }

    [Fact]
    public async Task A_client_that_is_ended_in_the_midst_of_its_command_and_of_a_crowd_leaves_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        await using var server = new ToyServer(TransportKind.Epoll, new ToyHandler { ClosingTime = TimeSpan.FromMilliseconds(2) });
        using ToyClient slow = server.Connect();
        slow.Send("PING\r\n");
        slow.Expect("+PONG\r\n");
        using ToyClient first = server.Connect(), second = server.Connect(), other = server.Connect();
        await ToyServer.Until(() => server.Transport.ConnectionCount == 4);
        slow.Send("LEND abc\r\n");
        // The end of one takes all the time that a turn has for it, so that the others wait in line when the command ends.
        other.Send("PING\r\nABORT\r\n");
        other.Expect("+PONG\r\n+OK\r\n");
        await ToyServer.Until(() => server.Handler.ClosedCount == 3);
        other.Send("PING\r\n");
        other.Expect("+PONG\r\n");
        Assert.Equal((1, 3), (server.Transport.ConnectionCount, server.Handler.ClosedCount));
    }

    [Fact]
    public async Task A_reactor_that_is_to_end_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        var server = new ToyServer(TransportKind.Epoll);
        using ToyClient slow = server.Connect(), other = server.Connect();
        slow.Send("LEND abc\r\n");
        other.Send("PING\r\n");
        other.Expect("+PONG\r\n");
        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(0, server.Transport.ConnectionCount);
    }

    [Fact]
    public async Task A_message_to_the_client_of_a_long_command_comes_after_its_reply()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's");
        await using var server = new ToyServer(TransportKind.Epoll);
        using ToyClient slow = server.Connect(), other = server.Connect();
        slow.Send("PING\r\n");
        slow.Expect("+PONG\r\n");
        slow.Send("LEND abc\r\n");
        other.Send("PUBLISH x\r\n");
        other.Expect("*1\r\n$1\r\nx\r\n+OK\r\n");
        other.Send("FREE\r\n");
        other.Expect("+OK\r\n");
        slow.Expect("*1\r\n$1\r\nx\r\n$3\r\nabc\r\n");
    }
}
