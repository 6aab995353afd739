using System.Text;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class TrackedKeyLayoutTests : IDisposable
{
    private readonly Arena _arena = new(1L << 30);

    public void Dispose() => _arena.Dispose();

    /// <summary>10,000 numbers need more than a block of 64 KiB; a key of 30,000 bytes lies in a block of its own.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 3)]
    [InlineData(8, 300)]
    [InlineData(255, 10_000)]
    [InlineData(20_000, 9_000)]
    [InlineData(30_000, 50)]
    public void Numbers_come_in_any_order_and_are_kept_ascending(int keyBytes, int count)
    {
        byte[] key = Encoding.ASCII.GetBytes(new string('k', keyBytes));
        long[] numbers = [.. Enumerable.Range(1, count).Select(n => (long)n << 20)];
        long[] shuffled = [.. numbers];
        new Random(1).Shuffle(shuffled);
        BlockRef block = TrackedKeyLayout.Make(_arena, key, shuffled[0]);
        foreach (long number in shuffled[1..]) Assert.True(TrackedKeyLayout.TryAdd(_arena, ref block, number));
        Assert.False(TrackedKeyLayout.TryAdd(_arena, ref block, shuffled[0]));
        _arena.EndTurn();
        Assert.Equal(numbers, TrackedKeyLayout.NumbersOf(_arena, block).ToArray());
        Assert.Equal(key, TrackedKeyLayout.KeyOf(_arena, block).ToArray());
        TrackedKeyLayout.Free(_arena, block);
        _arena.EndTurn();
        Assert.Equal(0, _arena.UsedBytes);
    }
}
