namespace Galley.Store.Tests.Commands.Server;

public sealed class WaitTests
{
    [Fact]
    public void Wait_for_no_replica_returns_at_once_and_for_one_when_the_time_is_over()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        Assert.Equal(":0", client.Run("WAIT 0 0"));
        Assert.Equal(":0", client.Run("WAIT -1 0"));
        Task waiting = client.Start("WAIT 1 200");
        fixture.Pass(199);
        Assert.False(waiting.IsCompleted);
        fixture.Pass(1);
        Assert.Equal(":0", client.TakeReply());
    }

    [Theory]
    [InlineData("WAIT a 1", "-ERR value is not an integer or out of range")]
    [InlineData("WAIT 1 a", "-ERR timeout is not an integer or out of range")]
    [InlineData("WAIT 1 -1", "-ERR timeout is negative")]
    [InlineData("WAITAOF 2 0 0", "-ERR value is out of range, value must between 0 and 1")]
    [InlineData("WAITAOF 0 -1 0", "-ERR value is out of range, must be positive")]
    [InlineData("WAITAOF 0 0 -1", "-ERR timeout is negative")]
    public void What_is_wrong_is_said_in_the_words_of_redis_server(string command, string error)
    {
        using var fixture = new EngineFixture();
        Assert.Equal(error, fixture.Connect().Run(command));
    }

    [Fact]
    public async Task Waitaof_waits_until_the_clients_own_writes_are_durable()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect(), other = fixture.Connect();
        fixture.Log.IsDurable = false;
        client.Run("SET a 1");
        Task waiting = client.Start("WAITAOF 1 0 0");
        fixture.Pass(1000);
        Assert.False(waiting.IsCompleted);
        Assert.Equal("*2 :1 :0", other.Run("WAITAOF 1 0 0"));
        fixture.Log.IsDurable = true;
        fixture.Pass(10);
        await waiting;
        Assert.Equal("*2 :1 :0", client.TakeReply());
    }

    [Fact]
    public void Waitaof_tells_what_it_has_when_the_time_is_over()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        fixture.Log.IsDurable = false;
        client.Run("SET a 1");
        _ = client.Start("WAITAOF 1 0 100");
        fixture.Pass(100);
        Assert.Equal("*2 :0 :0", client.TakeReply());
        fixture.Log.IsDurable = true;
        _ = client.Start("WAITAOF 1 1 100");
        fixture.Pass(100);
        Assert.Equal("*2 :1 :0", client.TakeReply());
    }

    [Fact]
    public void Waitaof_needs_a_log()
    {
        using var fixture = new EngineFixture();
        fixture.Engine.Attach(null, null);
        TestClient client = fixture.Connect();
        Assert.Equal("-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.", client.Run("WAITAOF 1 0 0"));
        Assert.Equal("*2 :0 :0", client.Run("WAITAOF 0 0 0"));
    }
}
