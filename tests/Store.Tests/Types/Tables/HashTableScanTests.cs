using Xunit;

namespace Galley.Store.Tests.Types;

public sealed class HashTableScanTests : IDisposable
{
    private readonly TableUnderTest _table = new();

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(700)]
    [InlineData(100_000)]
    public void Visits_each_element_once_when_nothing_changes(int count)
    {
        Fill(20_000);
        List<int> keys = [];
        ulong cursor = 0;
        do cursor = _table.Scan(cursor, count, keys);
        while (cursor != 0);
        Assert.Equal(_table.Keys.Order(), keys.Order());
    }

    [Fact]
    public void Visits_as_many_as_asked_give_or_take_a_shared_prefix()
    {
        Fill(20_000);
        ulong cursor = 0;
        do
        {
            List<int> keys = [];
            cursor = _table.Scan(cursor, 10, keys);
            if (cursor != 0) Assert.InRange(keys.Count, 10, 13);
        }
        while (cursor != 0);
    }

    [Fact]
    public void Leaves_the_low_25_bits_of_a_cursor_to_the_caller_and_ignores_them()
    {
        Fill(5_000);
        List<int> plain = [], marked = [];
        ulong cursor = 0;
        do
        {
            ulong next = _table.Scan(cursor, 10, plain);
            Assert.Equal(0UL, next & 0x1FFFFFF);
            Assert.Equal(next, _table.Scan(cursor | 0x1FFFFFF, 10, marked));
            cursor = next;
        }
        while (cursor != 0);
        Assert.Equal(plain, marked);
    }

    [Theory]
    [InlineData(1, 10_000, 0)]
    [InlineData(2, 0, 40_000)]
    [InlineData(3, 300_000, 0)]
    [InlineData(4, 1_000, 280_000)]
    [InlineData(5, 1_000, 60)]
    public void Returns_every_key_that_stays_while_the_table_grows_or_shrinks(int seed, int extraAtFirst, int extraAtLast)
    {
        const int staying = 2_000;
        var random = new Random(seed);
        Fill(staying + extraAtFirst);
        int extra = extraAtFirst;
        HashSet<int> seen = [];
        List<int> keys = [];
        ulong cursor = 0;
        int calls = 0;
        do
        {
            keys.Clear();
            cursor = _table.Scan(cursor, random.Next(1, 30), keys);
            seen.UnionWith(keys);
            calls++;
            for (int i = 0; i < 4_000 && extra < extraAtLast; i++) _table.Set(staying + extra++, 0);
            for (int i = 0; i < 4_000 && extra > extraAtLast; i++) _table.Remove(staying + --extra);
        }
        while (cursor != 0);
        Assert.Equal(extraAtLast, extra);
        Assert.True(calls > 50, "The scan must meet the table in many states.");
        Assert.All(Enumerable.Range(0, staying), key => Assert.Contains(key, seen));
        _table.CheckAll();
    }

    [Fact]
    public void Ends_at_once_on_an_empty_table()
    {
        List<int> keys = [];
        Assert.Equal(0UL, _table.Scan(0, 10, keys));
        Assert.Equal(0UL, _table.Scan(1UL << 40, 10, keys));
        Assert.Empty(keys);
    }

    [Fact]
    public void Takes_any_cursor_and_makes_progress_with_any_count()
    {
        Fill(3_000);
        var random = new Random(1);
        List<int> keys = [];
        foreach (int count in (int[])[int.MinValue, -1, 0])
        {
            ulong cursor = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            ulong next = _table.Scan(cursor, count, keys);
            Assert.True(next == 0 || next > cursor);
        }

        Assert.Equal(0UL, _table.Scan(ulong.MaxValue, 10, keys));
    }

    [Fact]
    public void Random_draws_every_element_about_as_often()
    {
        const int count = 3_000, drawsEach = 200;
        Fill(count);
        var random = new Random(1);
        int[] drawn = new int[count];
        for (int i = 0; i < count * drawsEach; i++) drawn[_table.RandomKey(random)!.Value]++;
        Assert.All(drawn, times => Assert.InRange(times, drawsEach / 2, drawsEach * 2));
    }

    /// <summary>
    /// Chance fills segments more or less, by several percent. Each of these groups of equal size lies in some of them, and
    /// is to be drawn as often as any other: the sum is that of a chi-squared test.
    /// </summary>
    [Fact]
    public void Random_draws_from_full_segments_as_often_as_from_others()
    {
        const int Count = 20_000;
        const int Groups = 64;
        const int Draws = 200_000;
        for (int i = 0; i < Count; i++) _table.Add(i, i);
        List<int> order = [];
        _table.Scan(0, int.MaxValue, order);
        var groupOf = new int[Count];
        for (int i = 0; i < Count; i++) groupOf[order[i]] = i * Groups / Count;
        var drawn = new int[Groups];
        var random = new Random(1);
        for (int i = 0; i < Draws; i++) drawn[groupOf[_table.RandomKey(random)!.Value]]++;
        const double Expected = (double)Draws / Groups;
        double sum = drawn.Sum(times => (times - Expected) * (times - Expected) / Expected);
        // It is 63 on average, with a deviation of 11.
        Assert.InRange(sum, 63 - 45, 63 + 55);
    }

    [Fact]
    public void Random_draws_from_one_element_and_from_none()
    {
        var random = new Random(1);
        Assert.Null(_table.RandomKey(random));
        _table.Add(7, 0);
        Assert.Equal(7, _table.RandomKey(random));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 1)]
    [InlineData(3_000, 100)]
    [InlineData(50_000, 999)]
    [InlineData(300_000, 10_000)]
    public void Drop_hands_over_every_element_once_within_its_budget(int count, int budget)
    {
        Fill(count);
        int dropped = 0;
        bool isDone;
        do
        {
            int now = _table.Drop(budget, out isDone);
            Assert.InRange(now, 0, budget);
            dropped += now;
        }
        while (!isDone);
        Assert.Equal(count, dropped);
        _table.CheckAll();
    }

    private void Fill(int count)
    {
        for (int key = 0; key < count; key++) _table.Add(key, key);
    }
}
