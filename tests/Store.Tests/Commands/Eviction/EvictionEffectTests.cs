namespace Galley.Store.Tests.Commands.Eviction;

/// <summary>Who is told of a key that went for want of room, and who is refused.</summary>
public sealed class EvictionEffectTests
{
    private const string OutOfMemory = "-OOM command not allowed when used memory > 'maxmemory'.";

    [Fact]
    public void All_who_are_told_of_an_expired_key_are_told()
    {
        using var fixture = new EvictionFixture("allkeys-lru", configure: settings => settings.ChangeFeed = true);
        TestClient listener = fixture.Engine.Connect();
        TestClient watcher = fixture.Engine.Connect();
        TestClient cacher = fixture.Engine.Connect();
        fixture.Run("CONFIG SET notify-keyspace-events KEe");
        listener.Run("PSUBSCRIBE __key*");
        fixture.Run("SET", "a", new string('v', 1000));
        watcher.Run("WATCH a");
        watcher.Run("MULTI");
        watcher.Run("PING");
        cacher.Run("HELLO 3");
        cacher.Run("CLIENT TRACKING ON");
        cacher.Run("GET a");
        listener.TakePushes();
        fixture.Engine.TakeLog();
        fixture.Engine.Time.Advance(1000);
        fixture.Run("XLEN galley:changes");
        fixture.BoundBy(-100);
        fixture.Settle();
        Assert.False(fixture.Exists("a"));
        Assert.Equal(["*4 $8 pmessage $6 __key* $16 __keyspace@0__:a $7 evicted", "*4 $8 pmessage $6 __key* $22 __keyevent@0__:evicted $1 a"],
            listener.TakePushes());
        Assert.Equal([">2 $10 invalidate *1 $1 a"], cacher.TakePushes());
        Assert.StartsWith("DEL a; XADD galley:changes", fixture.Engine.TakeLog(), StringComparison.Ordinal);
        Assert.Contains("$5 event $7 evicted $3 key $1 a", fixture.Run("XREVRANGE galley:changes + - COUNT 1"), StringComparison.Ordinal);
        Assert.Equal("*-1", watcher.Run("EXEC"));
        Assert.Equal("1", fixture.Info("evicted_keys"));
        Assert.Equal("0", fixture.Info("expired_keys"));
    }

    [Fact]
    public async Task Who_waits_in_a_group_of_a_stream_that_goes_is_told()
    {
        using var fixture = new EvictionFixture("allkeys-lru");
        TestClient reader = fixture.Engine.Connect();
        fixture.Run("XGROUP CREATE s g $ MKSTREAM");
        fixture.Run("XADD", "s", "*", "f", new string('v', 10_000));
        reader.Run("XREADGROUP GROUP g c STREAMS s >");
        Task waiting = reader.Start("XREADGROUP GROUP g c BLOCK 0 STREAMS s >");
        fixture.BoundBy(-5000);
        fixture.Engine.Pass(100);
        Assert.Equal(1, fixture.EvictedKeys);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.StartsWith("-UNBLOCKED the stream key no longer exists", reader.TakeReply(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_room_commands_that_want_some_are_refused()
    {
        using var fixture = new EvictionFixture("noeviction");
        fixture.Run("SET", "a", new string('v', 1000));
        fixture.BoundBy(-500);
        Assert.Equal(OutOfMemory, fixture.Run("SET b 1"));
        Assert.True(fixture.Engine.Server.Memory.IsExhausted);
        Assert.StartsWith("$1000", fixture.Run("GET a"), StringComparison.Ordinal);
        Assert.Equal("0", fixture.Info("evicted_keys"));
        Assert.Equal(":1", fixture.Run("DEL a"));
        Assert.Equal("+OK", fixture.Run("SET b 1"));
        Assert.False(fixture.Engine.Server.Memory.IsExhausted);
    }

    [Fact]
    public void A_transaction_that_wants_room_is_discarded()
    {
        using var fixture = new EvictionFixture("noeviction");
        TestClient other = fixture.Engine.Connect();
        fixture.Run("SET", "a", new string('v', 1000));
        other.Run("MULTI");
        Assert.Equal("+QUEUED", other.Run("SET b 1"));
        fixture.BoundBy(-500);
        Assert.Equal("-EXECABORT Transaction discarded because of: " + OutOfMemory[1..], other.Run("EXEC"));
        Assert.Equal("+OK", other.Run("MULTI"));
        Assert.Equal(OutOfMemory, other.Run("PING"));
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", other.Run("EXEC"));
    }

    [Fact]
    public void What_the_log_brings_back_is_never_refused()
    {
        using var fixture = new EvictionFixture("noeviction");
        fixture.Run("SET", "a", new string('v', 1000));
        fixture.BoundBy(-500);
        fixture.Engine.Server.IsLoading = true;
        Assert.True(fixture.Engine.Server.Memory.MakeRoom(fixture.Client.Session));
        fixture.Engine.Server.IsLoading = false;
        Assert.False(fixture.Engine.Server.Memory.MakeRoom(fixture.Client.Session));
    }
}
