using System.Text;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class NamedBlocksTests : IDisposable
{
    private readonly Arena _arena = new(1L << 30);
    private NamedBlocksRoot _root;

    [Fact]
    public void Names_are_in_the_order_of_their_bytes_and_numbers_stay()
    {
        var random = new Random(7);
        var model = new SortedDictionary<string, (long Value, int Number)>(StringComparer.Ordinal);
        for (int step = 0; step < 20_000; step++)
        {
            string name = new string('n', random.Next(3)) + random.Next(400);
            bool isThere = NamedBlocks<long>.TryFind(_arena, in _root, Bytes(name), out BlockRef block, out int index);
            Assert.Equal(model.ContainsKey(name), isThere);
            if (!isThere && random.Next(3) > 0)
            {
                block = NamedBlocks<long>.Add(_arena, ref _root, index, Bytes(name));
                Assert.Equal(0, NamedBlocks<long>.HeadOf(_arena, block));
                NamedBlocks<long>.Edit(_arena, block) = step;
                model[name] = (step, NamedBlocks<long>.NumberOf(_arena, block));
            }
            else if (isThere && random.Next(2) == 0)
            {
                NamedBlocks<long>.Remove(_arena, ref _root, index);
                model.Remove(name);
            }
        }
        Assert.InRange(model.Count, 100, 1200);
        NamedBlocksRoot copy = NamedBlocks<long>.Copy(_arena, in _root);
        AssertSame(model, in _root);
        while (_root.Count > 0) NamedBlocks<long>.Remove(_arena, ref _root, random.Next(_root.Count));
        AssertSame(model, in copy);
        while (copy.Count > 0) NamedBlocks<long>.Remove(_arena, ref copy, copy.Count - 1);
        _arena.EndTurn();
        Assert.Equal(0, _arena.UsedBytes);
    }

    [Fact]
    public void A_name_may_be_longer_than_a_block()
    {
        byte[] name = new byte[Arena.BlockBytesMax * 3];
        name.AsSpan().Fill((byte)'x');
        BlockRef block = NamedBlocks<long>.Add(_arena, ref _root, 0, name);
        NamedBlocks<long>.Edit(_arena, block) = 5;
        Assert.True(NamedBlocks<long>.TryFind(_arena, in _root, name, out BlockRef found, out _));
        Assert.True(NamedBlocks<long>.NameOf(_arena, found).SequenceEqual(name));
        Assert.Equal(5, NamedBlocks<long>.HeadOf(_arena, found));
        NamedBlocks<long>.Remove(_arena, ref _root, 0);
        _arena.EndTurn();
        Assert.Equal(0, _arena.UsedBytes);
    }

    public void Dispose() => _arena.Dispose();

    private void AssertSame(SortedDictionary<string, (long Value, int Number)> model, in NamedBlocksRoot root)
    {
        Assert.Equal(model.Count, root.Count);
        int index = 0;
        foreach ((string name, (long value, int number)) in model)
        {
            BlockRef block = NamedBlocks<long>.InOrder(_arena, in root, index++);
            Assert.Equal(name, Encoding.ASCII.GetString(NamedBlocks<long>.NameOf(_arena, block)));
            Assert.Equal(value, NamedBlocks<long>.HeadOf(_arena, block));
            Assert.Equal(block, NamedBlocks<long>.ByNumber(_arena, in root, number));
        }
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
