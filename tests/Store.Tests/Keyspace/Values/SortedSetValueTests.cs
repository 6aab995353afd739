using System.Globalization;
using System.Text;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Values;

/// <summary>A sorted set beside a sorted list of the same elements, through every form that it takes.</summary>
public sealed class SortedSetValueTests : IDisposable
{
    private readonly KeyspaceFixture _keyspace = new();
    private readonly SortedSet<(double Score, string Member)> _model = new(Comparer<(double Score, string Member)>.Create(
        (x, y) => x.Score != y.Score ? x.Score.CompareTo(y.Score) : string.CompareOrdinal(x.Member, y.Member)));

    private readonly Dictionary<string, double> _scores = [];

    /// <summary>How many scores there are, and how many members: few scores try the order of members.</summary>
    [Theory]
    [InlineData(1, 4000)]
    [InlineData(3, 4000)]
    [InlineData(100_000, 6000)]
    [InlineData(50, 60)]
    public void It_keeps_its_order_whatever_is_done_to_it(int scores, int members)
    {
        var random = new Random(scores + members);
        for (int round = 0; round < 6; round++)
        {
            double growth = round % 2 == 0 ? 0.8 : 0.2;
            for (int i = 0; i < 4000; i++)
            {
                string member = $"m{random.Next(members)}";
                if (random.NextDouble() < growth) Set(member, random.Next(scores) / 4.0);
                else Remove(member);
            }
            Compare(random);
        }
        while (_scores.Count > 0) RemoveRange(random.Next(_scores.Count), random.Next(1, 50));
        Assert.True(_keyspace.Open("z").Delete());
        _keyspace.Space.Arena.EndTurn();
        Assert.Equal(0, _keyspace.Space.Arena.UsedBytes);
    }

    [Fact]
    public void Elements_in_their_order_fill_their_leaves()
    {
        for (int i = 0; i < 100_000; i++) Set($"m{i:D7}", i);
        Compare(new Random(1));
        long bytes = _keyspace.Open("z").MemoryBytes;
        Assert.InRange(bytes, 100_000 * 40, 100_000 * 55);
    }

    public void Dispose() => _keyspace.Dispose();

    private void Set(string member, double score)
    {
        Key key = _keyspace.Open("z");
        bool isNew = SortedSetValue.Set(ref key, Encoding.ASCII.GetBytes(member), score);
        Assert.Equal(!_scores.ContainsKey(member), isNew);
        if (!isNew) _model.Remove((_scores[member], member));
        _scores[member] = score;
        _model.Add((score, member));
    }

    private void Remove(string member)
    {
        Key key = _keyspace.Open("z");
        bool isThere = _scores.Remove(member, out double score);
        _model.Remove((score, member));
        if (key.Exists) Assert.Equal(isThere, SortedSetValue.Remove(ref key, Encoding.ASCII.GetBytes(member)));
    }

    private void RemoveRange(int rank, int count)
    {
        Key key = _keyspace.Open("z");
        count = Math.Min(count, _scores.Count - rank);
        foreach ((double Score, string Member) element in _model.Skip(rank).Take(count).ToArray())
        {
            _model.Remove(element);
            _scores.Remove(element.Member);
        }
        SortedSetValue.RemoveRange(ref key, rank, count);
        Assert.Equal(_scores.Count, SortedSetValue.Count(in key));
    }

    private void Compare(Random random)
    {
        Key key = _keyspace.Open("z");
        (double Score, string Member)[] expected = [.. _model];
        Assert.Equal(expected.Length, SortedSetValue.Count(in key));
        if (expected.Length == 0) return;
        Assert.Equal(expected, Elements(SortedSetValue.Walk(in key, 0)));
        Assert.Equal(expected.Reverse(), Elements(SortedSetValue.Walk(in key, expected.Length - 1, isBackward: true)));
        for (int i = 0; i < 200; i++)
        {
            int rank = random.Next(expected.Length);
            (double score, string member) = expected[rank];
            Assert.Equal(rank, SortedSetValue.RankOf(in key, Encoding.ASCII.GetBytes(member), out double found));
            Assert.Equal(score, found);
            Assert.Equal(expected.Count(e => e.Score < score), SortedSetValue.RankOf(in key, SortedBound.BeforeScore(score)));
            Assert.Equal(expected.Count(e => e.Score <= score), SortedSetValue.RankOf(in key, SortedBound.AfterScore(score)));
            double between = score + 0.1;
            Assert.Equal(expected.Count(e => e.Score < between), SortedSetValue.RankOf(in key, SortedBound.BeforeScore(between)));
        }
    }

    private static List<(double Score, string Member)> Elements(SortedWalk walk)
    {
        var elements = new List<(double Score, string Member)>();
        Span<byte> digits = stackalloc byte[20];
        while (walk.TryNext(out ListPackElement member, out double score))
            elements.Add((score, Encoding.ASCII.GetString(member.TextIn(digits))));
        return elements;
    }
}
