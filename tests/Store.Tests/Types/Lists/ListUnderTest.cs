using Galley.Resp.Protocol;
using Galley.Store.Configuration;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

/// <summary>A large list beside a List that says what must be in it.</summary>
internal sealed class ListUnderTest : IDisposable
{
    private readonly Settings _settings = new();
    private readonly ListCompressor _compressor;
    private readonly List<byte[]> _model = [];
    private readonly long _usedBytesEmpty;
    private CountedTreeRoot _root;

    public ListUnderTest(int depth)
    {
        _settings.ListCompressDepth = depth;
        _compressor = new ListCompressor(_settings);
        _usedBytesEmpty = Arena.UsedBytes;
    }

    public Arena Arena { get; } = new(1L << 30);

    public int Count => _model.Count;

    public int Depth
    {
        get => _settings.ListCompressDepth;
        set => _settings.ListCompressDepth = value;
    }

    /// <summary>Which leaves are compressed, from the first to the last.</summary>
    public bool[] AreCompressed => [.. Leaves().Select(leaf => ListLeaf.IsCompressed(Arena, leaf))];

    public void Push(byte[] element, bool atFront = false)
    {
        QuickList.Push(Arena, ref _root, element, atFront, _compressor);
        _model.Insert(atFront ? 0 : _model.Count, element);
    }

    public void Append(byte[][] elements)
    {
        byte[] pack = new byte[elements.Sum(element => ListPack.SizeOf(element))];
        int length = 0;
        foreach (byte[] element in elements) length += ListPack.Write(pack.AsSpan(length), element);
        QuickList.Append(Arena, ref _root, pack, elements.Length, _compressor);
        _model.AddRange(elements);
    }

    public void Insert(int position, byte[] element)
    {
        QuickList.Insert(Arena, ref _root, position, element, _compressor);
        _model.Insert(position, element);
    }

    public void Set(int position, byte[] element)
    {
        QuickList.Set(Arena, ref _root, position, element, _compressor);
        _model[position] = element;
    }

    public void Remove(int position, int count)
    {
        QuickList.Remove(Arena, ref _root, position, count, _compressor);
        _model.RemoveRange(position, count);
    }

    /// <summary>Removes the elements at these positions, which descend.</summary>
    public void RemoveEach(long[] positions)
    {
        QuickList.RemoveEach(Arena, ref _root, positions, _compressor);
        foreach (long position in positions) _model.RemoveAt((int)position);
    }

    public void CheckElement(int position)
    {
        var walk = new ListWalk(Arena, in _root, position, isBackward: false);
        Assert.True(walk.TryNext(out ListPackElement element));
        CheckElement(element, position);
    }

    /// <summary>The list has these elements, in both directions from there, and its copy has them too.</summary>
    public void CheckAll(int from)
    {
        Assert.Equal(_model.Count, _root.Count);
        CheckWalk(in _root, from, isBackward: false);
        CheckWalk(in _root, from, isBackward: true);
        CountedTreeRoot copy = QuickList.Copy(Arena, in _root);
        CheckWalk(in copy, 0, isBackward: false);
        int budget = int.MaxValue;
        Assert.True(QuickList.Drop(Arena, ref copy, ref budget));
    }

    /// <summary>The leaves near the ends are open; of the others those that are open would not gain.</summary>
    public void CheckLeaves()
    {
        List<BlockRef> leaves = Leaves();
        for (int i = 0; i < leaves.Count; i++)
        {
            bool isCompressed = ListLeaf.IsCompressed(Arena, leaves[i]);
            if (i < Depth || i >= leaves.Count - Depth || Depth == 0) Assert.False(isCompressed, $"Leaf {i} of {leaves.Count} is compressed.");
            else if (!isCompressed) Assert.True(_compressor.Compress(Arena, leaves[i]).IsNone, $"Leaf {i} of {leaves.Count} is not compressed, though it gains.");
        }
        Assert.Equal(leaves.Count, leaves.Count == 0 ? 0 : QuickList.Weigh(Arena, in _root).Leaves);
    }

    /// <summary>Drops the list; no block of it is left.</summary>
    public void CheckNothingIsLeft()
    {
        int budget = int.MaxValue;
        Assert.True(QuickList.Drop(Arena, ref _root, ref budget));
        Arena.EndTurn();
        Assert.Equal(_usedBytesEmpty, Arena.UsedBytes);
        Arena.Verify();
    }

    public void Dispose() => Arena.Dispose();

    private void CheckWalk(in CountedTreeRoot root, int from, bool isBackward)
    {
        if (root.Count == 0) return;
        var walk = new ListWalk(Arena, in root, from, isBackward);
        int position = from;
        while (walk.TryNext(out ListPackElement element))
        {
            CheckElement(element, position);
            position += isBackward ? -1 : 1;
        }
        Assert.Equal(isBackward ? -1 : _model.Count, position);
    }

    private void CheckElement(ListPackElement element, int position)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        if (!element.TextIn(digits).SequenceEqual(_model[position])) Assert.Fail($"Element {position} of {_model.Count} is another.");
    }

    private List<BlockRef> Leaves()
    {
        List<BlockRef> leaves = [];
        if (_root.Count == 0) return leaves;
        TreeCursor cursor = CountedTree.Seek(Arena, in _root, 0, out _);
        do leaves.Add(cursor.Leaf);
        while (CountedTree.TryNext(Arena, ref cursor));
        return leaves;
    }
}
