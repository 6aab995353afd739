namespace Galley.Store.Tests.Commands.Eviction;

/// <summary><c>maxmemory-clients</c>: who holds most is cut off.</summary>
public sealed class ClientEvictionTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public ClientEvictionTests() => _client = _fixture.Connect();

    [Fact]
    public void The_largest_go_until_the_others_fit()
    {
        TestConnection[] connections = [Holding(200_000), Holding(900_000), Holding(100_000), Holding(400_000)];
        _client.Run("CONFIG SET maxmemory-clients 600kb");
        _fixture.Pass(100);
        Assert.Equal([false, true, false, true], connections.Select(connection => connection.WasAborted));
        Assert.Contains("evicted_clients:2 ", _client.Run("INFO stats"), StringComparison.Ordinal);
        _client.Run("CONFIG SET maxmemory-clients 200kb");
        _fixture.Pass(100);
        Assert.Equal([true, true, false, true], connections.Select(connection => connection.WasAborted));
    }

    [Fact]
    public void Who_asked_to_be_spared_is_and_counts_all_the_same()
    {
        TestConnection spared = Holding(900_000, out TestClient client);
        client.Run("CLIENT NO-EVICT ON");
        TestConnection small = Holding(20_000);
        _client.Run("CONFIG SET maxmemory-clients 500kb");
        _fixture.Pass(100);
        Assert.False(spared.WasAborted);
        Assert.True(small.WasAborted);
    }

    [Fact]
    public void The_limit_may_be_a_part_of_maxmemory()
    {
        TestConnection large = Holding(400_000);
        _client.Run("CONFIG SET maxmemory-clients 5%");
        _fixture.Pass(100);
        Assert.False(large.WasAborted);
        _client.Run("CONFIG SET maxmemory 4mb");
        _fixture.Pass(100);
        Assert.True(large.WasAborted);
    }

    [Fact]
    public void No_limit_is_so_narrow_that_idle_clients_are_above_it()
    {
        TestConnection idle = Holding(0);
        _client.Run("CONFIG SET maxmemory-clients 1");
        _fixture.Pass(2000);
        Assert.False(idle.WasAborted);
        Assert.Equal("+PONG", _client.Run("PING"));
    }

    [Fact]
    public void A_subscriber_that_does_not_read_goes()
    {
        TestClient subscriber = _fixture.Connect();
        subscriber.Run("SUBSCRIBE c");
        _client.Run("CONFIG SET maxmemory-clients 1mb");
        subscriber.PendingBytes = 2_000_000;
        _fixture.Pass(1000);
        _fixture.Pass(1000);
        Assert.Contains("killed", subscriber.TakePushes());
    }

    [Fact]
    public void What_a_client_listens_to_and_watches_counts_until_it_stops()
    {
        TestClient listener = _fixture.Connect();
        _client.Run("CONFIG SET maxmemory 1gb");
        listener.Run("PING");
        long before = _fixture.Server.Memory.Clients.TotalBytes;
        string name = new('n', 1000);
        listener.Run("WATCH", name);
        listener.Run("SUBSCRIBE", name, "other");
        listener.Run("PSUBSCRIBE", name);
        Assert.InRange(_fixture.Server.Memory.Clients.TotalBytes - before, 3000, 4000);
        listener.Run("UNSUBSCRIBE");
        listener.Run("PUNSUBSCRIBE", name);
        listener.Run("UNWATCH");
        Assert.Equal(before, _fixture.Server.Memory.Clients.TotalBytes);
    }

    public void Dispose() => _fixture.Dispose();

    private TestConnection Holding(int bytes) => Holding(bytes, out _);

    /// <summary>A connection that has received so much of a command.</summary>
    private TestConnection Holding(int bytes, out TestClient client)
    {
        TestConnection connection = TestConnection.From("127.0.0.1:1");
        connection.Reader.IsAuthenticated = true;
        client = _fixture.Connect(connection);
        if (bytes == 0) return connection;
        connection.Reader.Append(System.Text.Encoding.ASCII.GetBytes($"*2\r\n$4\r\nECHO\r\n${bytes}\r\n"));
        connection.Reader.TryRead(out _);
        connection.Reader.Append(new byte[bytes / 2]);
        return connection;
    }
}
