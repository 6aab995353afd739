using System.Globalization;

namespace Galley.Store.Tests.Commands.Eviction;

/// <summary>Which keys go, and which stay.</summary>
public sealed class PolicyTests
{
    public static TheoryData<string, int> Volatile =>
        EvictionFixture.Policies("volatile-lru", "volatile-lfu", "volatile-lrm", "volatile-random", "volatile-ttl");

    public static TheoryData<string, int> Ages => EvictionFixture.Policies("allkeys-lru", "volatile-lru");

    [Theory]
    [MemberData(nameof(Volatile))]
    public void Keys_that_do_not_expire_stay(string policy, int partitions)
    {
        using var fixture = new EvictionFixture(policy, partitions);
        // One key in twenty expires: the wheel is asked. Then all new ones do: the table is.
        for (int i = 0; i < 1000; i++) fixture.Run("SET", $"stays:{i}", "value");
        for (int i = 0; i < 50; i++) fixture.Run("SET", $"rare:{i}", new string('v', 100), "EX", "5000");
        fixture.BoundBy(-3000);
        fixture.Settle();
        Assert.InRange(fixture.EvictedKeys, 10, 49);
        // The wheels of 16,384 partitions take 32 bytes each before there is anything in them.
        fixture.BoundBy(300_000);
        for (int i = 0; i < 3000; i++) Assert.Equal("+OK", fixture.Run("SET", $"goes:{i}", new string('v', 200), "EX", $"{1000 + i}"));
        Assert.InRange(fixture.EvictedKeys, 1000, 3050);
        Assert.Equal(1000, fixture.CountExisting(Enumerable.Range(0, 1000).Select(i => $"stays:{i}")));
    }

    [Theory]
    [MemberData(nameof(Volatile))]
    public void The_last_key_that_expires_goes_and_then_there_is_none(string policy, int partitions)
    {
        using var fixture = new EvictionFixture(policy, partitions);
        for (int i = 0; i < 500; i++) fixture.Run("SET", $"stays:{i}", "value");
        // Many items of the wheel are stale.
        for (int i = 0; i < 400; i++) fixture.Run("SET", $"was:{i}", "value", "EX", $"{100 + i}");
        for (int i = 0; i < 400; i++) fixture.Run("DEL", $"was:{i}");
        for (int i = 0; i < 3; i++) fixture.Run("SET", $"goes:{i}", new string('v', 100), "EX", "3000");
        // More than the three and the stale items take.
        fixture.BoundBy(-8000);
        for (int i = 0; i < 20; i++) fixture.Run("PING");
        Assert.Equal(3, fixture.EvictedKeys);
        Assert.StartsWith("-OOM command not allowed when used memory > 'maxmemory'.", fixture.Run("SET more value"), StringComparison.Ordinal);
        fixture.Engine.Time.Advance(1);
        fixture.Run("EXPIRE stays:7 1000");
        fixture.Engine.Time.Advance(1);
        fixture.Run("PING");
        Assert.False(fixture.Exists("stays:7"));
        Assert.Equal(499, fixture.Engine.Database.Count);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 30)]
    [InlineData(16384, 80)]
    public void The_nearest_to_expire_go_first(int partitions, int strangersMax)
    {
        using var fixture = new EvictionFixture("volatile-ttl", partitions);
        int[] order = [.. Enumerable.Range(1, 400)];
        new Random(3).Shuffle(order);
        foreach (int i in order) fixture.Run("SET", $"key:{i}", new string('v', 100), "EX", $"{i * 100}");
        fixture.BoundBy(-20_000);
        fixture.Settle();
        int[] gone = [.. order.Where(i => !fixture.Exists($"key:{i}"))];
        Assert.InRange(gone.Length, 100, 250);
        // Those of one slot of the wheel, 70 minutes or 43 keys, come in no order.
        int strangers = gone.Count(i => i > gone.Length + 43);
        Assert.InRange(strangers, 0, strangersMax);
    }

    [Fact]
    public void Items_that_were_left_behind_do_not_hide_the_nearest_to_expire()
    {
        using var fixture = new EvictionFixture("volatile-ttl");
        // Sessions that are put off each time that they are seen: near by, all items of the wheel are stale.
        for (int minutes = 10; minutes < 60; minutes++)
            for (int i = 0; i < 20; i++) fixture.Run("SET", $"session:{i}", new string('v', 100), "EX", $"{(minutes * 60) + i}");
        for (int i = 0; i < 20; i++) fixture.Run("SET", $"session:{i}", new string('v', 100), "EX", "1000000");
        for (int i = 0; i < 50; i++) fixture.Run("SET", $"near:{i}", new string('v', 100), "EX", $"{5000 + (100 * i)}");
        // The items that are swept make most of the room.
        fixture.BoundBy(-12_000);
        fixture.Settle();
        fixture.Run("CONFIG SET maxmemory 0");
        Assert.InRange(fixture.EvictedKeys, 3, 45);
        Assert.Equal(20, fixture.CountExisting(Enumerable.Range(0, 20).Select(i => $"session:{i}")));
    }

    [Theory]
    [MemberData(nameof(Ages))]
    public void What_was_used_lately_stays(string policy, int partitions)
    {
        using var fixture = new EvictionFixture(policy, partitions);
        fixture.Run("CONFIG SET maxmemory-samples 10");
        for (int i = 0; i < 1000; i++) fixture.Run("SET", $"key:{i}", new string('v', 50), "EX", "100000");
        fixture.Engine.Time.Advance(100_000);
        string[] used = [.. Enumerable.Range(0, 300).Select(i => $"key:{i * 3}")];
        foreach (string key in used) fixture.Run("GET", key);
        fixture.BoundBy(-25_000);
        fixture.Settle();
        Assert.InRange(fixture.EvictedKeys, 200, 500);
        fixture.Run("CONFIG SET maxmemory 0");
        Assert.InRange(fixture.CountExisting(used), 298, 300);
    }

    [Fact]
    public void What_is_used_while_it_waits_to_go_is_ranked_anew()
    {
        using var fixture = new EvictionFixture("allkeys-lru");
        for (int i = 0; i < 40; i++) fixture.Run("SET", $"key:{i}", new string('v', 100));
        fixture.Engine.Time.Advance(100_000);
        fixture.Run("CONFIG SET maxmemory-samples 40");
        fixture.BoundBy(-100);
        fixture.Settle();
        string[] left = [.. Enumerable.Range(0, 40).Select(i => $"key:{i}").Where(fixture.Exists)];
        string[] used = [.. left[..(left.Length / 2)]];
        foreach (string key in used) fixture.Run("GET", key);
        fixture.BoundBy(-1500);
        fixture.Settle();
        Assert.Equal(used.Length, fixture.CountExisting(used));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16384)]
    public void What_is_used_often_stays(int partitions)
    {
        using var fixture = new EvictionFixture("allkeys-lfu", partitions);
        fixture.Run("CONFIG SET maxmemory-samples 10 lfu-log-factor 0");
        for (int i = 0; i < 1000; i++) fixture.Run("SET", $"key:{i}", new string('v', 50));
        string[] used = [.. Enumerable.Range(0, 300).Select(i => $"key:{i * 3}")];
        foreach (string key in used)
            for (int i = 0; i < 10; i++) fixture.Run("GET", key);
        fixture.BoundBy(-25_000);
        fixture.Settle();
        fixture.Run("CONFIG SET maxmemory 0");
        Assert.InRange(fixture.CountExisting(used), 298, 300);
    }

    [Theory]
    [InlineData("allkeys-lrm")]
    [InlineData("volatile-lrm")]
    public void Under_lrm_reading_does_not_help_and_changing_does(string policy)
    {
        using var fixture = new EvictionFixture(policy);
        fixture.Run("CONFIG SET maxmemory-samples 10");
        for (int i = 0; i < 300; i++)
        {
            fixture.Run("HSET", $"key:{i}", "f", new string('v', 50));
            fixture.Run("EXPIRE", $"key:{i}", "100000");
        }
        fixture.Engine.Time.Advance(100_000);
        string[] changed = [.. Enumerable.Range(0, 100).Select(i => $"key:{i}")];
        string[] read = [.. Enumerable.Range(100, 100).Select(i => $"key:{i}")];
        foreach (string key in changed) fixture.Run("HINCRBY", key, "n", "1");
        foreach (string key in read) fixture.Run("HGETALL", key);
        // It is no change that nothing is changed.
        Assert.Equal(":0", fixture.Run("HSETNX", read[0], "f", "other"));
        Assert.Equal(":0", fixture.Run("OBJECT", "IDLETIME", changed[0]));
        Assert.Equal(":100", fixture.Run("OBJECT", "IDLETIME", read[0]));
        Assert.StartsWith("-ERR An LFU maxmemory policy is not selected", fixture.Run("OBJECT", "FREQ", read[0]), StringComparison.Ordinal);
        fixture.BoundBy(-12_000);
        fixture.Settle();
        fixture.Run("CONFIG SET maxmemory 0");
        Assert.InRange(fixture.CountExisting(changed), 99, 100);
        Assert.InRange(fixture.CountExisting(read), 0, 80);
    }

    [Fact]
    public void Chance_takes_old_and_new_alike()
    {
        using var fixture = new EvictionFixture("allkeys-random", 16384);
        for (int i = 0; i < 1000; i++) fixture.Run("SET", $"old:{i}", new string('v', 50));
        // All in one slot.
        for (int i = 0; i < 1000; i++) fixture.Run("SET", $"{{new}}:{i.ToString(CultureInfo.InvariantCulture)}", new string('v', 50));
        fixture.BoundBy(-50_000);
        fixture.Settle();
        fixture.Run("CONFIG SET maxmemory 0");
        int old = fixture.CountExisting(Enumerable.Range(0, 1000).Select(i => $"old:{i}"));
        int fresh = (int)fixture.Engine.Database.Count - old;
        Assert.InRange(fixture.EvictedKeys, 400, 1000);
        Assert.InRange(old - fresh, -150, 150);
    }

    [Fact]
    public void A_policy_that_is_changed_forgets_whom_the_old_one_would_have_taken()
    {
        using var fixture = new EvictionFixture("allkeys-lru");
        for (int i = 0; i < 50; i++) fixture.Run("SET", $"key:{i}", new string('v', 100));
        fixture.BoundBy(-100);
        fixture.Settle();
        fixture.Run("CONFIG SET maxmemory-policy volatile-lru");
        fixture.Run("SET volatile value EX 100");
        long before = fixture.Engine.Database.Count;
        fixture.BoundBy(-20);
        fixture.Run("PING");
        Assert.False(fixture.Exists("volatile"));
        Assert.Equal(before - 1, fixture.Engine.Database.Count);
    }
}
