using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class IdTreeTests : IDisposable
{
    private readonly Arena _arena = new(1L << 30);
    private CountedTreeRoot _root;

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 5_000)]
    [InlineData(3, 100_000)]
    public void It_holds_what_a_sorted_dictionary_holds(int seed, int range)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<StreamId, long>();
        for (int step = 0; step < 30_000; step++)
        {
            // Few milliseconds, so that many leaves begin in the same one.
            var id = new StreamId((ulong)random.Next(range) / 40, (ulong)random.Next(40));
            if (random.Next(20_000) > step) Insert(model, id, step);
            else Remove(model, id);
        }
        if (range > 1000) Assert.True(model.Count > 10, "The tree was emptied: nothing is seen of it.");
        AssertSame(model);
        foreach (StreamId id in model.Keys.ToArray()) Remove(model, id);
        AssertNothingIsLeft();
    }

    [Fact]
    public void What_comes_in_order_fills_leaves_and_leaves_them_from_the_front()
    {
        for (ulong i = 0; i < 20_000; i++) IdTree<Record>.Insert(_arena, ref _root, new Record(new StreamId(i / 3, i % 3), (long)i));
        _arena.EndTurn();
        Assert.InRange(_arena.UsedBytes, 20_000 * 24, 20_000 * 27);
        for (ulong i = 0; i < 20_000; i++)
        {
            Assert.Equal((long)i, IdTree<Record>.First(_arena, in _root).Value);
            Assert.True(IdTree<Record>.TryFind(_arena, in _root, new StreamId(i / 3, i % 3), out IdPlace place));
            IdTree<Record>.Remove(_arena, ref _root, in place);
        }
        AssertNothingIsLeft();
    }

    [Fact]
    public void A_copy_stands_by_itself_and_is_dropped_in_parts()
    {
        for (ulong i = 0; i < 5_000; i++) IdTree<Record>.Insert(_arena, ref _root, new Record(new StreamId(i, 0), (long)i));
        CountedTreeRoot copy = IdTree<Record>.Copy(_arena, in _root);
        int budget = int.MaxValue;
        Assert.True(IdTree<Record>.Drop(_arena, ref _root, ref budget));
        IdPlace place = IdTree<Record>.Find(_arena, in copy, StreamId.Min);
        for (long i = 0; i < 5_000; i++)
        {
            Assert.Equal(i, IdTree<Record>.At(_arena, in place).Value);
            Assert.Equal(i < 4_999, IdTree<Record>.TryNext(_arena, ref place));
        }
        int parts = 0;
        for (bool isGone = false; !isGone; parts++)
        {
            int part = 3;
            isGone = IdTree<Record>.Drop(_arena, ref copy, ref part);
        }
        Assert.InRange(parts, 10, 1000);
        AssertNothingIsLeft();
    }

    public void Dispose() => _arena.Dispose();

    private void Insert(SortedDictionary<StreamId, long> model, StreamId id, long value)
    {
        bool isThere = IdTree<Record>.TryFind(_arena, in _root, id, out IdPlace place);
        Assert.Equal(model.ContainsKey(id), isThere);
        if (isThere) IdTree<Record>.Edit(_arena, in place) = new Record(id, value);
        else IdTree<Record>.Insert(_arena, ref _root, new Record(id, value));
        model[id] = value;
    }

    private void Remove(SortedDictionary<StreamId, long> model, StreamId id)
    {
        Assert.Equal(model.Remove(id), IdTree<Record>.TryFind(_arena, in _root, id, out IdPlace place));
        if (IdTree<Record>.Exists(_arena, in _root, in place) && IdTree<Record>.At(_arena, in place).Id == id) IdTree<Record>.Remove(_arena, ref _root, in place);
    }

    private void AssertSame(SortedDictionary<StreamId, long> model)
    {
        Assert.Equal(model.Count, _root.Count);
        IdPlace place = IdTree<Record>.Find(_arena, in _root, StreamId.Min);
        foreach ((StreamId id, long value) in model)
        {
            Assert.Equal(new Record(id, value), IdTree<Record>.At(_arena, in place));
            IdTree<Record>.TryNext(_arena, ref place);
        }
    }

    private void AssertNothingIsLeft()
    {
        _arena.EndTurn();
        Assert.Equal(0, _arena.UsedBytes);
    }

    private readonly record struct Record(StreamId Id, long Value) : IIdRecord;
}
