using System.Globalization;
using System.Text;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

/// <summary>Trees that are built from their end, beside a sorted list that says what must be in them.</summary>
public sealed class SortedTreeBuilderTests : IDisposable
{
    private const int ChangesAfter = 3000;

    private readonly Arena _arena = new(1L << 30);
    private CountedTreeRoot _tree;

    public void Dispose() => _arena.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(127 * 128)]
    [InlineData(127 * 128 + 1)]
    [InlineData(127 * 128 * 2 + 5)]
    public void Elements_from_the_last_to_the_first_make_full_leaves(int count)
    {
        List<(double Score, string Member)> elements = Elements(count);
        Build(elements.AsEnumerable().Reverse());
        AssertHolds(elements);
        if (count > 127 * 64) Assert.True(SortedTree.OwnBytes(_arena, in _tree, 0) < count * 17L, "The leaves are not full.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Elements_in_any_order_find_their_places(int seed)
    {
        List<(double Score, string Member)> elements = Elements(2000);
        (double Score, string Member)[] mixed = [.. elements.AsEnumerable().Reverse()];
        new Random(seed).Shuffle(mixed.AsSpan(seed == 1 ? 0 : 900));
        Build(mixed);
        AssertHolds(elements);
    }

    [Fact]
    public void What_was_built_is_changed_like_any_other()
    {
        List<(double Score, string Member)> elements = Elements(20_000);
        Build(elements.AsEnumerable().Reverse());
        var random = new Random(5);
        for (int i = 0; i < ChangesAfter; i++)
        {
            if (random.Next(2) == 0)
            {
                (double Score, string Member) added = (random.Next(10_000) / 2.0, "new" + i.ToString("D6", CultureInfo.InvariantCulture));
                SortedTree.Insert(_arena, ref _tree, added.Score, Make(added));
                int at = elements.BinarySearch(added, ByScore.Instance);
                elements.Insert(~at, added);
            }
            else
            {
                int rank = random.Next(elements.Count);
                SortedPlace place = SortedTree.At(_arena, in _tree, rank);
                BlockRef element = SortedTree.Entries(_arena, place.Cursor.Leaf)[place.Offset].Element;
                SortedTree.Remove(_arena, ref _tree, place);
                SortedElement.Free(_arena, element);
                elements.RemoveAt(rank);
            }
        }
        AssertHolds(elements);
    }

    /// <summary>Pairs of equal scores, in the order of a sorted set.</summary>
    private static List<(double Score, string Member)> Elements(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (Math.Floor(i / 2.0) / 4, "member" + i.ToString("D6", CultureInfo.InvariantCulture)))];

    private void Build(IEnumerable<(double Score, string Member)> elements)
    {
        var builder = new SortedTreeBuilder(_arena);
        foreach ((double Score, string Member) element in elements) builder.Add(element.Score, Make(element));
        _tree = builder.Build();
    }

    private BlockRef Make((double Score, string Member) element) =>
        SortedElement.Make(_arena, Encoding.ASCII.GetBytes(element.Member), element.Score);

    private void AssertHolds(List<(double Score, string Member)> expected)
    {
        Assert.Equal(expected.Count, _tree.Count);
        var met = new List<(double Score, string Member)>();
        if (expected.Count > 0)
        {
            TreeCursor cursor = CountedTree.Seek(_arena, in _tree, 0, out _);
            do
            {
                foreach (SortedEntry entry in SortedTree.Entries(_arena, cursor.Leaf))
                    met.Add((entry.Score, Encoding.ASCII.GetString(SortedElement.KeyOf(_arena, entry.Element))));
            }
            while (CountedTree.TryNext(_arena, ref cursor));
        }
        Assert.Equal(expected, met);
        for (int rank = 0; rank < expected.Count; rank += 97)
        {
            SortedBound bound = SortedBound.Element(expected[rank].Score, Encoding.ASCII.GetBytes(expected[rank].Member));
            Assert.Equal(rank, SortedTree.Find(_arena, in _tree, bound).Rank);
        }
        int budget = int.MaxValue;
        Assert.True(SortedTree.Drop(_arena, ref _tree, ref budget));
        _arena.EndTurn();
        Assert.Equal(0, _arena.UsedBytes);
    }

    private sealed class ByScore : IComparer<(double Score, string Member)>
    {
        public static ByScore Instance { get; } = new();

        public int Compare((double Score, string Member) x, (double Score, string Member) y) =>
            x.Score != y.Score ? x.Score.CompareTo(y.Score) : string.CompareOrdinal(x.Member, y.Member);
    }
}
