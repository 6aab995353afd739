using Galley.Store.Keyspace;
using Galley.Store.Memory;

namespace Galley.Store.Tests.Keyspace;

public sealed class ExpiryWheelTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public void Everything_is_met_after_its_time_and_within_a_tick_of_it()
    {
        using var arena = new Arena(1L << 30);
        var wheel = new ExpiryWheel(arena);
        var random = new Random(1);
        var due = new Dictionary<ulong, long>();
        for (ulong hash = 1; hash <= 20_000; hash++)
        {
            long delay = (long)Math.Pow(10, random.NextDouble() * 8);
            due[hash] = Start + delay;
            wheel.Set(hash, -1, due[hash], Start);
        }
        long now = Start;
        while (due.Count > 0)
        {
            now += (long)Math.Pow(10, random.NextDouble() * 6);
            Assert.True(AdvanceWhole(wheel, now, due));
            Assert.DoesNotContain(due, pair => pair.Value < now - 16);
            arena.EndTurn();
        }
        Assert.Equal(0, wheel.ItemCount);
    }

    [Fact]
    public void A_budget_cuts_the_work_and_loses_nothing()
    {
        using var arena = new Arena(1L << 30);
        var wheel = new ExpiryWheel(arena);
        var due = new Dictionary<ulong, long>();
        for (ulong hash = 1; hash <= 5000; hash++)
        {
            due[hash] = Start + 70_000;
            wheel.Set(hash, -1, due[hash], Start);
        }
        int turns = 0;
        bool done = false;
        while (!done)
        {
            int budget = 100;
            var sink = new Meeting(wheel, due, Start + 80_000);
            done = wheel.Advance(Start + 80_000, ref budget, ref sink);
            Assert.True(budget > -100);
            Assert.True(++turns < 1000);
        }
        Assert.Empty(due);
        Assert.True(turns >= 50);
    }

    [Fact]
    public void Stale_items_are_swept_when_they_outnumber_the_live()
    {
        using var arena = new Arena(1L << 30);
        var wheel = new ExpiryWheel(arena);
        var due = new Dictionary<ulong, long>();
        long now = Start;
        for (int round = 0; round < 200; round++)
        {
            for (ulong hash = 1; hash <= 100; hash++)
            {
                long before = due.GetValueOrDefault(hash, -1);
                due[hash] = now + 3_600_000 + round * 60_000;
                wheel.Set(hash, before, due[hash], now);
            }
            now += 20;
            AdvanceWhole(wheel, now, due);
            arena.EndTurn();
            Assert.True(wheel.ItemCount <= 2 * wheel.KeyCount + 1024 + 100, $"{wheel.ItemCount} items for {wheel.KeyCount} keys");
        }
        Assert.Equal(100, wheel.KeyCount);
        AdvanceWhole(wheel, now + 100_000_000, due);
        Assert.Empty(due);
    }

    [Fact]
    public void The_next_due_time_is_never_later_than_what_is_due()
    {
        using var arena = new Arena(1L << 30);
        var wheel = new ExpiryWheel(arena);
        var random = new Random(3);
        var due = new Dictionary<ulong, long>();
        long now = Start;
        for (ulong hash = 1; hash <= 2000; hash++)
        {
            due[hash] = now + random.Next(1, 100_000);
            wheel.Set(hash, -1, due[hash], now);
            Assert.True(wheel.NextDueMs <= due.Values.Min() + 16);
            if (random.Next(4) > 0) continue;
            now += random.Next(1, 200);
            AdvanceWhole(wheel, now, due);
        }
    }

    private static bool AdvanceWhole(ExpiryWheel wheel, long now, Dictionary<ulong, long> due)
    {
        int budget = int.MaxValue;
        var sink = new Meeting(wheel, due, now);
        return wheel.Advance(now, ref budget, ref sink);
    }

    private readonly struct Meeting(ExpiryWheel wheel, Dictionary<ulong, long> due, long now) : IExpirySink
    {
        public void Meet(ulong hash, long fromMs, long toMs)
        {
            if (!due.TryGetValue(hash, out long expiresAtMs)) return;
            if (expiresAtMs <= now) due.Remove(hash);
            else if (expiresAtMs >= fromMs && expiresAtMs < toMs) wheel.Add(hash, expiresAtMs);
        }

        public bool IsLive(ulong hash, long fromMs, long toMs) =>
            due.TryGetValue(hash, out long expiresAtMs) && expiresAtMs >= fromMs && expiresAtMs < toMs;
    }
}
