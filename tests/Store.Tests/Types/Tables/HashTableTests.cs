using Xunit;

namespace Galley.Store.Tests.Types;

public sealed class HashTableTests : IDisposable
{
    private readonly TableUnderTest _table = new();

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 100)]
    [InlineData(3, 3_000)]
    [InlineData(4, 60_000)]
    public void Random_changes_agree_with_a_dictionary(int seed, int keys)
    {
        var random = new Random(seed);
        for (int step = 0; step < 300_000; step++)
        {
            int key = random.Next(keys);
            // The share of removals swings, so that the table fills and empties several times.
            bool isRemoval = random.Next(100) < 50 + (45 * Math.Sin(step / 30_000.0));
            if (isRemoval) _table.Remove(key);
            else _table.Set(key, step);
            _table.CheckValue(random.Next(keys));
            if (step % 50_000 == 0) _table.CheckAll();
        }

        foreach (int key in _table.Keys.ToArray()) _table.Remove(key);
        _table.CheckAll();
    }

    [Fact]
    public void Grows_to_300_000_elements_and_shrinks_to_none_without_a_leak()
    {
        const int count = 300_000;
        for (int key = 0; key < count; key++)
        {
            _table.Add(key, key);
            if ((key & (key - 1)) == 0 || key % 30_000 == 0) _table.CheckAll();
        }

        _table.CheckAll();
        for (int key = 0; key < count; key++)
        {
            _table.Remove(key);
            int left = count - key - 1;
            if ((left & (left - 1)) == 0 || key % 30_000 == 0) _table.CheckAll();
        }

        Assert.Equal(0, _table.Count);
    }
}
