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
            wheel.Set(2 * hash, -1, due[hash], Start);
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
            wheel.Set(2 * hash, -1, due[hash], Start);
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
                wheel.Set(2 * hash, before, due[hash], now);
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
    public void A_sweep_between_two_halves_of_a_slot_that_moves_down_loses_nothing()
    {
        for (int budget = 1; budget < 64; budget++)
        {
            using var arena = new Arena(1L << 30);
            var wheel = new ExpiryWheel(arena);
            var due = new Dictionary<ulong, long>();
            // All items of a near slot are stale, all of the next one live: one turn ends the sweep of the first and begins the second.
            long slotMs = ((Start >> 16) + 1) << 16;
            for (ulong hash = 1; hash <= 2000; hash++)
            {
                wheel.Set(2 * hash, -1, slotMs - 2000, Start);
                wheel.Forget(2 * hash, slotMs - 2000);
            }
            for (ulong hash = 10_001; hash <= 10_300; hash++) wheel.Set(2 * hash, -1, due[hash] = slotMs + 40_000, Start);
            AdvanceBy(wheel, Start, due, budget: 1);
            for (int turns = 0; turns < 1000; turns++) AdvanceBy(wheel, slotMs + 10, due, budget);
            AdvanceWhole(wheel, slotMs + 100, due);
            AdvanceWhole(wheel, slotMs + 60_000, due);
            Assert.Empty(due);
        }
    }

    [Fact]
    public void A_place_that_is_swept_keeps_what_is_live()
    {
        using var arena = new Arena(1L << 30);
        var wheel = new ExpiryWheel(arena);
        var due = new Dictionary<ulong, long>();
        for (ulong hash = 1; hash <= 3000; hash++)
        {
            wheel.Set(2 * hash, -1, Start + 5_000_000 + (long)hash, Start);
            if (hash % 10 == 0) due[hash] = Start + 5_000_000 + (long)hash;
            else wheel.Forget(2 * hash, Start + 5_000_000 + (long)hash);
        }
        var sink = new Meeting(wheel, due, Start);
        int place = wheel.NextPlace(0);
        int gone = 0;
        for (int last = -1; last != 0; gone += last) last = wheel.SweepNewest(place, ref sink);
        Assert.Equal(place, wheel.NextPlace(0));
        Assert.InRange(gone, 500, 2700);
        Assert.Equal(3000 - gone, wheel.ItemCount);
        AdvanceWhole(wheel, Start + 6_000_000, due);
        Assert.Empty(due);
        Assert.Equal(0, wheel.ItemCount);
    }

    [Fact]
    public void A_place_without_a_live_item_is_empty_when_it_has_been_swept()
    {
        using var arena = new Arena(1L << 30);
        var wheel = new ExpiryWheel(arena);
        var sink = new Meeting(wheel, [], Start);
        for (ulong hash = 1; hash <= 100; hash++) wheel.Set(2 * hash, -1, Start + 50_000, Start);
        wheel.Set(202, -1, Start + 5_000_000, Start);
        int near = wheel.NextPlace(0);
        while (wheel.NextPlace(0) == near) Assert.True(wheel.SweepNewest(near, ref sink) > 0);
        Assert.Equal(1, wheel.ItemCount);
        Assert.True(wheel.NextPlace(0) > near);
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
            wheel.Set(2 * hash, -1, due[hash], now);
            Assert.True(wheel.NextDueMs <= due.Values.Min() + 16);
            if (random.Next(4) > 0) continue;
            now += random.Next(1, 200);
            AdvanceWhole(wheel, now, due);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_is_put_off_deleted_swept_and_cut_short_everything_is_met_in_time(int seed)
    {
        using var arena = new Arena(1L << 30);
        var wheel = new ExpiryWheel(arena);
        var random = new Random(seed);
        var due = new Dictionary<ulong, long>();
        long now = Start;
        for (int step = 0; step < 60_000; step++)
        {
            ulong hash = (ulong)random.Next(1, 400);
            int choice = random.Next(100);
            if (choice < 60)
            {
                long before = due.GetValueOrDefault(hash, -1);
                due[hash] = now + 1 + (long)Math.Pow(10, random.NextDouble() * 7);
                wheel.Set(2 * hash, before, due[hash], now);
            }
            else if (choice < 75 && due.Remove(hash, out long expiresAtMs)) wheel.Forget(2 * hash, expiresAtMs);
            else if (choice < 85 && wheel.NextPlace(random.Next(200)) is >= 0 and int place)
            {
                var sink = new Meeting(wheel, due, now);
                wheel.SweepNewest(place, ref sink);
            }
            else if (choice < 99) AdvanceBy(wheel, now, due, random.Next(1, 40));
            else now += (long)Math.Pow(10, random.NextDouble() * 5);
            if (step % 1000 > 0) continue;
            while (!AdvanceBy(wheel, now, due, random.Next(1, 100))) { }
            Assert.DoesNotContain(due, pair => pair.Value < now - 16);
            Assert.Equal(due.Count, wheel.KeyCount);
            arena.EndTurn();
        }
    }

    private static bool AdvanceWhole(ExpiryWheel wheel, long now, Dictionary<ulong, long> due) =>
        AdvanceBy(wheel, now, due, int.MaxValue);

    private static bool AdvanceBy(ExpiryWheel wheel, long now, Dictionary<ulong, long> due, int budget)
    {
        var sink = new Meeting(wheel, due, now);
        return wheel.Advance(now, ref budget, ref sink);
    }

    private readonly struct Meeting(ExpiryWheel wheel, Dictionary<ulong, long> due, long now) : IExpirySink
    {
        public void Meet(ulong item, long fromMs, long toMs)
        {
            ulong hash = item / 2;
            if (!due.TryGetValue(hash, out long expiresAtMs)) return;
            if (expiresAtMs <= now)
            {
                due.Remove(hash);
                wheel.Forget(2 * hash, expiresAtMs);
            }
            else if (expiresAtMs >= fromMs && expiresAtMs < toMs) wheel.Add(item, expiresAtMs);
        }

        public long DueMs(ulong item) => due.GetValueOrDefault(item / 2, -1);
    }
}
