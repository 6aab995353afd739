using System.Text;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

/// <summary>Elements that are added to a table some dozens at a time.</summary>
public sealed class TableBatchTests : IDisposable
{
    private readonly Arena _arena = new(1L << 30);
    private readonly KeyedHash _hashing = KeyedHash.Create();
    private HashTableRoot _table;

    public void Dispose() => _arena.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(100_000)]
    [InlineData(300_000)]
    public void All_are_found_when_the_last_are_flushed(int count)
    {
        var batch = new TableBatch<MemberLayout>(_arena, _hashing, count);
        for (int i = 0; i < count; i++) Assert.True(TryAdd(batch, i));
        Assert.True(batch.TryFlush(ref _table));
        Assert.Empty(batch.Waiting);
        Assert.Equal(count, _table.Count);
        for (int i = 0; i < count; i++) Assert.True(IsThere(i), $"{i}");
        Assert.False(IsThere(count));
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(64, 63)]
    [InlineData(1000, 5)]
    [InlineData(1000, 999)]
    [InlineData(300_000, 7)]
    [InlineData(300_000, 299_999)]
    public void One_that_is_there_twice_is_refused_and_waits_with_those_behind_it(int count, int twice)
    {
        var batch = new TableBatch<MemberLayout>(_arena, _hashing, count);
        bool isWhole = true;
        for (int i = 0; i < count; i++) isWhole &= TryAdd(batch, i);
        isWhole &= TryAdd(batch, twice) && batch.TryFlush(ref _table);
        Assert.False(isWhole);
        Assert.Contains(batch.Waiting, block => MemberLayout.KeyOf(_arena, block).SequenceEqual(KeyOf(twice)));
        Assert.Equal(count + 1, _table.Count + batch.Waiting.Count());
    }

    private static byte[] KeyOf(int number) => Encoding.ASCII.GetBytes("key:" + number);

    private bool TryAdd(TableBatch<MemberLayout> batch, int number) =>
        batch.TryAdd(ref _table, KeyOf(number), MemberLayout.Make(_arena, KeyOf(number)));

    private bool IsThere(int number) => HashTable<MemberLayout>.Find(_arena, in _table, _hashing.Of(KeyOf(number)), KeyOf(number), out _).IsFound;
}
